// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* `rollcall history` with many intervals, and the CPU time of `rollcall record`. The database is in memory (tmpfs). */
#include <signal.h>

#include "crowd.h"
#include "loader/pins.h"
#include "loader/slots.h"
#include "process.h"
#include "programs.h"

#define FILE_PATH      "/run/history.db"
#define HOSTS	       5000
#define JOINS	       10000
#define ROUNDS_HISTORY 7

static int measure_history(const struct bench *b, uint64_t intervals)
{
	enum { NAME, DAY, LAST, COMMANDS };
	char program[4096];
	char *const argv[COMMANDS][8] = {
		[NAME] = { program, "history", "node-77", "--db", FILE_PATH, "--since", "3650d", NULL },
		[DAY] = { program, "history", "--since", "1d", "--db", FILE_PATH, NULL },
		[LAST] = { program, "history", "--last", "--db", FILE_PATH, NULL },
	};
	const struct row rows[COMMANDS] = {
		[NAME] = row_value("history NAME, all its intervals", "ms", 50),
		[DAY] = row_value("history of a day, 5,000 hosts", "ms", 500),
		[LAST] = row_of("history --last, 5,000 hosts", NULL, "ms"),
	};
	struct command commands[COMMANDS] = {};
	struct thing things[COMMANDS] = {};
	int err;

	snprintf(program, sizeof(program), "%s", b->program);
	for (int i = 0; i < COMMANDS; i++) {
		commands[i].argv = argv[i];
		things[i] = thing_by(command_measure, &commands[i]);
	}
	err = things_measure(things, COMMANDS, b->rounds < ROUNDS_HISTORY ? b->rounds : ROUNDS_HISTORY);
	for (int i = 0; !err && i < COMMANDS; i++) {
		struct row row = rows[i];

		row.peers = intervals;
		row_write(row, &things[i], NULL);
	}
	return err;
}

static bool is_recorded(void *context)
{
	return database_number(context, "SELECT count(*) FROM intervals WHERE end IS NULL") >= JOINS;
}

/* The recorder reads a table that has the hosts already: each is a join. */
static int measure_recorder(const struct bench *b, struct database *d)
{
	const struct rollcall_attachment here = { .ifindex = HEARD_ON_LOOPBACK, .ifname = "lo" };
	char program[4096];
	char *const record[] = { program, "record", "--db", FILE_PATH, NULL };
	struct process_cost cost;
	struct programs p;
	pid_t pid = -1;
	int err = programs_open(&p, XDP, JOINS, ROLLCALL_NAMES_PER_SOURCE);

	snprintf(program, sizeof(program), "%s", b->program);
	if (!err)
		err = slot_write(&p.rig.table, 0, &here);
	if (!err)
		err = crowd_enter(&p.rig.table, 0, JOINS, -3600 * (int64_t)NS_PER_S);
	if (!err) {
		pid = process_start(record, -1);
		err = pid < 0 ? pid : await(is_recorded, d, "the recorder");
		if (err)
			process_stop(pid);
	}
	if (!err) {
		const struct thing rss = thing_of(process_status(pid, "VmRSS:") / 1024);

		kill(pid, SIGTERM);
		err = process_wait(pid, &cost);
		if (!err) {
			const struct thing cpu = thing_of(cost.cpu_ns / 1e6 / (JOINS / 1000.0));

			row_write(row_of("record, CPU time per 1,000 joins", NULL, "ms"), &cpu, NULL);
			row_write(row_of("record, resident memory with 10,000 entries", NULL, "MB"), &rss, NULL);
		}
	}
	programs_close(&p);
	return err;
}

int bench_history(const struct bench *b)
{
	uint64_t intervals = b->brief ? 500000 : 10000000;
	struct database d;
	int err = database_open_to_write(&d, FILE_PATH);

	if (!err)
		err = crowd_write_history(&d, HOSTS, intervals / HOSTS);
	database_close(&d);
	if (!err)
		err = measure_history(b, intervals);
	if (!err)
		err = database_open_to_read(&d, FILE_PATH);
	if (!err) {
		err = measure_recorder(b, &d);
		database_close(&d);
	}
	return err;
}
