// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The cost of a sweep, if no entry or every tenth entry has expired. */
#include <bpf/bpf.h>

#include "bare_walk.h"
#include "crowd.h"
#include "programs.h"
#include "loader/sweeper.h"

struct sweeping {
	const struct programs *p;
	uint64_t hosts, stale;
};

static void on_leave(const struct rollcall_entry *entry, void *context)
{
	(void)entry;
	(void)context;
}

/* The values are in ms, for the whole table. */
static int sweep_measure(void *context, double *ms)
{
	const struct sweeping *s = context;
	struct sweep_report report;
	double begun;
	int err = 0;

	if (s->stale) /* the last measurement removed them, or they were not added yet */
		err = crowd_enter(&s->p->rig.table, s->hosts - s->stale, s->stale,
				  (int64_t)s->p->rig.table.settings.expiry_ns + (int64_t)NS_PER_S);
	begun = monotonic_ns();
	if (!err)
		err = sweep(&s->p->rig.table, on_leave, NULL, &report);
	*ms = (monotonic_ns() - begun) / 1e6;
	if (!err && (report.left != s->stale || report.seen != s->hosts))
		return fail(0, NULL, "%llu of %llu left, not %llu of %llu", (unsigned long long)report.left,
			    (unsigned long long)report.seen, (unsigned long long)s->stale, (unsigned long long)s->hosts);
	return err ? fail(err, NULL, "cannot sweep") : 0;
}

static int kernel_walk_measure(void *context, double *ms)
{
	const struct sweeping *s = context;
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	double begun = monotonic_ns();

	if (bpf_prog_test_run_opts(bpf_program__fd(s->p->bare->progs.bare_walk), &opts))
		return fail(-errno, NULL, "cannot walk in the kernel");
	*ms = (monotonic_ns() - begun) / 1e6;
	return s->p->bare->bss->walked == s->hosts ? 0 : fail(0, NULL, "the kernel walked over %llu",
							      (unsigned long long)s->p->bare->bss->walked);
}

static int batch_walk_measure(void *context, double *ms)
{
	const struct sweeping *s = context;
	double begun = monotonic_ns();
	uint64_t count;
	int err = bare_batch_walk(s->p->rig.table.peers_fd, &count);

	*ms = (monotonic_ns() - begun) / 1e6;
	return err ? fail(err, NULL, "cannot walk by batches") : 0;
}

static struct row curve_row(struct row row, const char *curve, uint64_t hosts)
{
	row.curve = curve;
	row.peers = hosts;
	return row;
}

static int measure_size(const struct bench *b, uint64_t hosts)
{
	struct programs p;
	struct sweeping none = { &p, hosts, 0 }, tenth = { &p, hosts, hosts / 10 };
	struct thing quiet[] = {
		thing_by(sweep_measure, &none),
		thing_by(kernel_walk_measure, &none),
	};
	struct thing busy[] = {
		thing_by(sweep_measure, &tenth),
		thing_by(batch_walk_measure, &tenth),
	};
	int err = programs_open(&p, XDP, (uint32_t)hosts, ROLLCALL_NAMES_PER_SOURCE);

	if (!err) /* their last announcement is in an hour, so they do not expire during the measurement */
		err = crowd_enter(&p.rig.table, 0, hosts, -3600 * (int64_t)NS_PER_S);
	if (!err)
		err = things_measure(quiet, 2, b->rounds);
	if (!err)
		row_write(curve_row(row_ratio("sweep, none expired", "bpf_for_each_map_elem, counting", "ms", 1.3),
				    "sweep", hosts),
			  &quiet[0], &quiet[1]);
	if (!err) { /* from now on the last tenth is added and removed */
		err = programs_clear(&p);
		if (!err)
			err = crowd_enter(&p.rig.table, 0, hosts - tenth.stale, -3600 * (int64_t)NS_PER_S);
	}
	if (!err)
		err = things_measure(busy, 2, b->rounds);
	if (!err)
		row_write(curve_row(row_ratio("sweep, a tenth has expired", "batch look-up walk", "ms", 1.0),
				    "sweep_tenth", hosts),
			  &busy[0], &busy[1]);
	programs_close(&p);
	return err;
}

int bench_sweep(const struct bench *b)
{
	static const uint64_t sizes[] = { 1000, 65536, 1000000 };
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (!b->brief || sizes[i] <= 65536)
			err = measure_size(b, sizes[i]);
	return err;
}
