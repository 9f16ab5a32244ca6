// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Refreshes on two CPUs at the same time, of hosts whose entries share no cache line. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "programs.h"

#define REPEAT	     200000
#define REPEAT_OTHER 1000 /* runs per call on the other CPU: many calls fit into a measurement */
#define TRIES	     20

struct both {
	struct run here, there;
	int other_cpu;
	atomic_uint calls; /* completed on the other CPU */
	atomic_bool ended;
};

static void *run_there(void *context)
{
	struct both *both = context;
	double ns;

	if (run_on_cpu(both->other_cpu))
		return NULL;
	alone_begin();
	while (!both->ended && !run_here(&both->there, &ns))
		both->calls++;
	return NULL;
}

/* Were both CPUs busy all the time? If a hypervisor took a CPU away, the measurement does not count. */
static bool was_shared(const struct both *both, unsigned int calls)
{
	return calls > both->here.repeat / both->there.repeat / 4;
}

static int both_measure(void *context, double *ns)
{
	struct both *both = context;
	unsigned int calls = 0;
	pthread_t thread;
	int err = 0;

	both->calls = 0;
	both->ended = false;
	if (pthread_create(&thread, NULL, run_there, both))
		return fail(-EAGAIN, NULL, "cannot make a thread");
	while (!both->calls)
		sched_yield();
	for (int i = 0; !err && i < TRIES && !was_shared(both, calls); i++) {
		calls = both->calls;
		err = run_measure(&both->here, ns);
		calls = both->calls - calls;
	}
	both->ended = true;
	pthread_join(thread, NULL);
	if (!err && !was_shared(both, calls))
		err = fail(0, NULL, "the second CPU was somebody else's all the time");
	return err;
}

int bench_cpus(const struct bench *b)
{
	const struct row row = row_ratio("refresh on two CPUs at once", "on one", "ns", 1.25);
	const struct row same = row_of("refresh of one host on two CPUs at once", "on one", "ns");
	static struct frame frames[2];
	struct both apart, together;
	struct thing things[3] = {};
	struct programs p;
	int err;

	if (b->other_cpu < 0) {
		row_not_run(row, "there is one CPU");
		return 0;
	}
	err = programs_open(&p, XDP, ROLLCALL_MAX_PEERS, ROLLCALL_NAMES_PER_SOURCE);
	if (!err)
		err = run_prepare(&p, &p.rig.prog_fd, 1);
	frame_of(&frames[0], &p.rig.table.settings, "node-one", 1, 0);
	frame_of(&frames[1], &p.rig.table.settings, "node-two", 2, 0);
	apart = (struct both){ .here = run_of(&p, p.rig.prog_fd, &frames[0], REPEAT),
			       .there = run_of(&p, p.rig.prog_fd, &frames[1], REPEAT_OTHER),
			       .other_cpu = b->other_cpu };
	together = apart;
	together.there.frame = &frames[0];
	things[0] = thing_by(run_measure, &apart.here);
	things[1] = thing_by(both_measure, &apart);
	things[2] = thing_by(both_measure, &together);
	if (!err)
		err = things_measure(things, 3, b->rounds);
	if (!err) {
		row_write(row, &things[1], &things[0]);
		row_write(same, &things[2], &things[0]);
	}
	programs_close(&p);
	return err;
}
