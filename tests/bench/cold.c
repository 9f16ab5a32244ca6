// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Refreshes of so many different peers that an entry is no longer in the cache when it is refreshed again. */
#include "programs.h"

#define RUNS 200000 /* per measurement; the next one continues with the next host */

/* A run and the current host of its carousel. */
struct turning {
	struct run run;
};

static int turn_measure(void *context, double *ns)
{
	struct turning *t = context;
	int err = run_measure(&t->run, ns);

	t->run.turn.next = t->run.carousel->next;
	return err;
}

static const uint64_t sizes[] = { 1000, 4096, 16384, 65536, 262144, 1000000 };

/* Run once over all hosts: all of them join, and the bare table has them too. */
static int enter(const struct programs *p, const struct frame *frame, const struct carousel *turn)
{
	struct run ours = carousel_run(p, frame, turn, TARGET_OURS), bare = carousel_run(p, frame, turn, TARGET_JOIN);
	struct rollcall_counts counts;
	double ns;
	int err = run_measure(&ours, &ns);

	if (!err)
		err = run_measure(&bare, &ns);
	if (!err)
		err = table_counts(&p->rig.table, 0, &counts);
	if (!err && counts.outcomes[ROLLCALL_JOINED] != turn->hosts)
		err = fail(0, NULL, "only %llu of %llu joined", (unsigned long long)counts.outcomes[ROLLCALL_JOINED],
			   (unsigned long long)turn->hosts);
	return err;
}

static int measure_size(const struct bench *b, enum kind kind, uint64_t hosts)
{
	static const enum target targets[] = { TARGET_PASS, TARGET_REFRESH, TARGET_OURS };
	struct turning turning[3];
	struct thing things[4] = {};
	struct carousel turn = { .hosts = hosts, .names_per_source = 1 };
	static struct frame frame;
	struct programs p;
	struct run pass;
	struct row row;
	int err = programs_open(&p, kind, (uint32_t)hosts, ROLLCALL_NAMES_PER_SOURCE);

	carousel_frame(&p.rig.table.settings, &frame, &turn);
	if (!err) {
		int fds[] = { p.carousel_fd, p.pass_fd };

		err = run_prepare(&p, fds, 2);
		pass = run_of(&p, fds[1], &frame, 100000);
	}
	if (!err)
		err = enter(&p, &frame, &turn);
	for (int i = 0; !err && i < 3; i++) {
		turning[i].run = carousel_run(&p, &frame, &turn, targets[i]);
		turning[i].run.repeat = RUNS;
		things[i] = thing_by(turn_measure, &turning[i]);
		things[i].less = i ? &things[0] : NULL;
		things[i].plus = i ? &things[3] : NULL;
	}
	things[3] = thing_by(run_measure, &pass);
	if (!err)
		err = things_measure(things, 4, b->rounds);
	row = row_ratio("refresh, peers in rotation", "clock, look-up, store of the same keys", "ns", 1.4);
	row.goal = hosts >= 65536 ? RATIO_AT_MOST : STATED;
	row.peers = hosts;
	row.curve = kind == TC ? "refresh, tc" : "refresh";
	row.with = kind == TC ? "tc" : NULL;
	if (!err)
		row_write(row, &things[2], &things[1]);
	programs_close(&p);
	return err;
}

int bench_cold(const struct bench *b)
{
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (!b->brief || sizes[i] <= 65536)
			err = measure_size(b, XDP, sizes[i]);
	for (size_t i = 0; !err && i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (!b->brief || sizes[i] <= 65536)
			err = measure_size(b, TC, sizes[i]);
	return err;
}
