// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The cost of newcomers: those that are accepted, and those of a flood that are rejected. */
#include <bpf/libbpf.h>
#include <rollcall/event.h>

#include "programs.h"
#include "view/write.h"

#define HOSTS 1024 /* as many events as fit into the ring */
#define PARTS 8	   /* parts of a measurement */

_Static_assert(HOSTS <= ROLLCALL_EVENT_RING_BYTES / (int)(sizeof(struct rollcall_event) + 8), "none is dropped");

/* Repeated joins of hosts that are not in the table. */
struct joining {
	const struct programs *p;
	struct ring_buffer *ring;
	struct run run;
	bool forget_sources;
};

static int ignore_event(void *context, void *event, size_t bytes)
{
	(void)context;
	(void)event;
	(void)bytes;
	return 0;
}

/* Set the count of names of each source to 0, and keep the sources. */
static int sources_release(int map_fd)
{
	static struct rollcall_source sources[2 * HOSTS];
	static struct rollcall_source_use uses[2 * HOSTS];
	__u32 position, count = 2 * HOSTS;

	if (bpf_map_lookup_batch(map_fd, NULL, &position, sources, uses, &count, NULL) && errno != ENOENT)
		return fail(-errno, NULL, "cannot read the sources");
	memset(uses, 0, sizeof(uses));
	if (count && bpf_map_update_batch(map_fd, sources, uses, &count, NULL))
		return fail(-errno, NULL, "cannot write the sources");
	return 0;
}

static int join_measure(void *context, double *ns)
{
	struct joining *j = context;
	double sum = 0;
	int err = 0;

	for (int part = 0; !err && part < PARTS; part++) {
		err = programs_clear(j->p);
		if (!err)
			err = j->forget_sources ? map_clear(j->p->rig.table.sources_fd) :
						  sources_release(j->p->rig.table.sources_fd);
		if (!err)
			err = run_measure(&j->run, ns);
		sum += *ns;
		ring_buffer__consume(j->ring);
	}
	*ns = sum / PARTS;
	return err;
}

/* Check that at least AT_LEAST frames had OUTCOME. */
static int check_outcome(const struct programs *p, enum rollcall_outcome outcome, uint64_t at_least)
{
	struct rollcall_counts counts;
	int err = table_counts(&p->rig.table, 0, &counts);

	if (!err && counts.events_lost)
		return fail(0, NULL, "%llu events were lost", (unsigned long long)counts.events_lost);
	if (!err && counts.outcomes[outcome] < at_least)
		return fail(0, NULL, "only %llu '%s'", (unsigned long long)counts.outcomes[outcome], outcome_name(outcome));
	return err;
}

static int joins(const struct bench *b, const struct programs *p, struct ring_buffer *ring, const struct frame *frame,
		 const struct carousel *sums)
{
	struct carousel turn = *sums, alone = *sums;
	struct joining joining[4];
	struct run pass = run_of(p, p->pass_fd, frame, 100000);
	struct thing things[5] = {};
	int err;

	turn.hosts = alone.hosts = HOSTS;
	turn.names_per_source = ROLLCALL_NAMES_PER_SOURCE;
	alone.names_per_source = 1;
	joining[0] = (struct joining){ p, ring, carousel_run(p, frame, &turn, TARGET_PASS), false };
	joining[1] = (struct joining){ p, ring, carousel_run(p, frame, &turn, TARGET_JOIN), false };
	joining[2] = (struct joining){ p, ring, carousel_run(p, frame, &turn, TARGET_OURS), false };
	joining[3] = (struct joining){ p, ring, carousel_run(p, frame, &alone, TARGET_OURS), true };
	for (int i = 0; i < 4; i++)
		things[i] = thing_by(join_measure, &joining[i]);
	things[4] = thing_by(run_measure, &pass);
	for (int i = 1; i < 4; i++) {
		things[i].less = &things[0];
		things[i].plus = &things[4];
	}
	err = things_measure(things, 5, b->rounds);
	if (!err)
		err = check_outcome(p, ROLLCALL_JOINED, 2ULL * HOSTS * b->rounds);
	if (err)
		return err;
	row_write(row_by(p, "newcomer, from a known source", "clock, look-up that misses, update", "ns", 2),
		  &things[2], &things[1]);
	row_write(row_by(p, "newcomer, from a new source", "clock, look-up that misses, update", "ns", 2.5),
		  &things[3], &things[1]);
	return 0;
}

/* A run with a full table. */
struct refusing {
	const struct programs *p;
	struct run run;
	bool full;
};

static int refuse_measure(void *context, double *ns)
{
	struct refusing *r = context;
	struct rollcall_state *state = r->p->rig.table.state;
	uint64_t left = state->left;
	int err;

	state->scanned_ns = rollcall_now_ns();
	if (r->full)
		state->left = state->reserved - state->given_back - r->p->rig.table.settings.max_peers;
	err = run_measure(&r->run, ns);
	state->left = left;
	return err;
}

static int floods(const struct bench *b, const struct programs *p, struct ring_buffer *ring, const struct frame *frame,
		  const struct carousel *sums)
{
	struct carousel here = *sums, one = *sums, random = *sums;
	struct run pass = run_of(p, p->pass_fd, frame, 100000);
	struct refusing refusing[4];
	struct thing things[5] = {};
	int err = programs_clear(p);

	here.hosts = one.hosts = random.hosts = HOSTS;
	here.names_per_source = 1;
	one.first = 1 << 20;
	one.names_per_source = 1ULL << 40;
	random.first = 2 << 20;
	random.names_per_source = 1;
	refusing[0] = (struct refusing){ p, carousel_run(p, frame, &here, TARGET_PASS), false };
	refusing[1] = (struct refusing){ p, carousel_run(p, frame, &here, TARGET_OURS), false };
	refusing[2] = (struct refusing){ p, carousel_run(p, frame, &one, TARGET_OURS), false };
	refusing[3] = (struct refusing){ p, carousel_run(p, frame, &random, TARGET_OURS), true };
	for (int i = 0; i < 4; i++) {
		refusing[i].run.repeat = 64 * HOSTS;
		things[i] = thing_by(refuse_measure, &refusing[i]);
		things[i].less = i ? &things[0] : NULL;
		things[i].plus = i ? &things[4] : NULL;
	}
	things[4] = thing_by(run_measure, &pass);
	if (!err)
		err = map_clear(p->rig.table.sources_fd);
	if (!err)
		err = things_measure(things, 5, b->rounds);
	ring_buffer__consume(ring);
	if (!err)
		err = check_outcome(p, ROLLCALL_FULL, 64ULL * HOSTS * b->rounds);
	if (!err)
		err = check_outcome(p, ROLLCALL_THROTTLED, 64ULL * HOSTS * b->rounds);
	if (err)
		return err;
	row_write(row_by(p, "rejected newcomer, flood from one source", "our refresh", "ns", 1.5),
		  &things[2], &things[1]);
	row_write(row_by(p, "rejected newcomer, flood from random sources", "our refresh", "ns", 1.5),
		  &things[3], &things[1]);
	return 0;
}

static int newcomers_of(const struct bench *b, enum kind kind)
{
	struct ring_buffer *ring = NULL;
	struct carousel sums = {};
	static struct frame frame;
	struct programs p;
	int err = programs_open(&p, kind, ROLLCALL_MAX_PEERS, ROLLCALL_NAMES_PER_SOURCE);

	if (!err) {
		int fds[] = { p.carousel_fd, p.pass_fd };

		err = run_prepare(&p, fds, 2);
		ring = ring_buffer__new(p.rig.events_fd, ignore_event, NULL, NULL);
	}
	carousel_frame(&p.rig.table.settings, &frame, &sums);
	if (!err)
		err = joins(b, &p, ring, &frame, &sums);
	if (!err)
		err = floods(b, &p, ring, &frame, &sums);
	ring_buffer__free(ring);
	programs_close(&p);
	return err;
}

int bench_newcomers(const struct bench *b)
{
	int err = newcomers_of(b, XDP);

	return err ? err : newcomers_of(b, TC);
}
