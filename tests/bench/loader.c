// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* An idle loader: its memory and wake-ups, and the time from its start until the filter is attached. */
#include <net/if.h>

#include "crowd.h"
#include "base/message.h"
#include "base/process.h"
#include "process.h"
#include "programs.h"
#include "loader/slots.h"
#include "net/hooks.h"

#define EXPIRY	 "2s"
#define EXPIRY_S 2
#define PERIODS	 3 /* expiries per measurement */

struct loader {
	pid_t pid;
	const char *dir;
	struct table table;
};

static bool is_in_place(void *context)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct loader *l = context;

	if (l->table.peers_fd < 0 && (!pins_have_table(l->dir) || table_open(&l->table, l->dir)))
		return false;
	return !slots_read(&l->table, slots) && process_loader(&slots[0], true) == l->pid;
}

static int loader_start(const struct bench *b, struct loader *l)
{
	char program[4096];
	char *const argv[] = { program, "attach", "wire1", "--expiry", EXPIRY, "--max-peers", "60000", NULL };

	snprintf(program, sizeof(program), "%s", b->program);
	*l = (struct loader){ .dir = getenv("ROLLCALL_PIN_DIR"), .table = TABLE_CLOSED };
	l->pid = process_start(argv, -1);
	return l->pid < 0 ? l->pid : await(is_in_place, l, "a loader");
}

static void loader_stop(struct loader *l)
{
	process_stop(l->pid);
	table_close(&l->table);
}

static int idle(const struct bench *b, uint64_t hosts)
{
	struct row rows[] = {
		row_value("loader: resident memory", "MB", 5),
		row_value("loader: wake-ups an expiry period, idle", "", 2),
		row_of("loader: CPU a day, idle, by an expiry of 35 s", NULL, "s"),
	};
	struct thing figures[3];
	double wakeups, cpu_ns;
	struct loader l;
	int err = loader_start(b, &l);

	if (!err && hosts)
		err = crowd_enter(&l.table, 0, hosts, -3600 * (int64_t)NS_PER_S);
	pause_ns(EXPIRY_S * 1.5e9); /* until the loader has swept the new entries once */
	wakeups = process_status(l.pid, "voluntary_ctxt_switches:");
	cpu_ns = process_cpu_ns(l.pid);
	pause_ns(PERIODS * EXPIRY_S * 1e9);
	figures[0] = thing_of(process_status(l.pid, "VmRSS:") / 1024);
	figures[1] = thing_of((process_status(l.pid, "voluntary_ctxt_switches:") - wakeups) / PERIODS);
	figures[2] = thing_of((process_cpu_ns(l.pid) - cpu_ns) / PERIODS * 86400 / 35 / 1e9);
	if (hosts != 1000)
		rows[0].goal = STATED;
	for (int i = 0; !err && i < 3; i++) {
		rows[i].peers = hosts;
		row_write(rows[i], &figures[i], NULL);
	}
	loader_stop(&l);
	return err;
}

/* Is the filter attached by tcx, the default? Before Linux 6.6 the default is another mode, which is not measured. */
static bool has_filter(void *context)
{
	uint32_t ids[TCX_PROGRAMS_MAX];

	return hooks_tcx(*(const uint32_t *)context, ids) > 0;
}

struct attaching {
	const struct bench *b;
};

static int attach_measure(void *context, double *ms)
{
	const struct attaching *attaching = context;
	uint32_t ifindex = if_nametoindex("wire1");
	int err;
	double begun = monotonic_ns();
	struct loader l = { .table = TABLE_CLOSED };
	char program[4096];
	char *const argv[] = { program, "attach", "wire1", NULL };

	snprintf(program, sizeof(program), "%s", attaching->b->program);
	l.dir = getenv("ROLLCALL_PIN_DIR");
	l.pid = process_start(argv, -1);
	err = l.pid < 0 ? l.pid : await(has_filter, &ifindex, "a filter");
	*ms = (monotonic_ns() - begun) / 1e6;
	if (!err)
		err = await(is_in_place, &l, "a loader");
	loader_stop(&l);
	return err;
}

int bench_loader(const struct bench *b)
{
	static const uint64_t sizes[] = { 0, 1000, 50000 };
	struct attaching attaching = { b };
	struct thing attach = thing_by(attach_measure, &attaching);
	int err = things_measure(&attach, 1, b->rounds);

	if (!err)
		row_write(row_value("attach started, until the filter is in place", "ms", 150), &attach, NULL);
	for (size_t i = 0; !err && i < sizeof(sizes) / sizeof(sizes[0]); i++)
		err = idle(b, sizes[i]);
	return err;
}
