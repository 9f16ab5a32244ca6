// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The account of places. `state` is shared memory: the filter adds to reserved and given_back,
 * we alone write left. tests/tools/admission_model.c tries every order of these steps.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <time.h>

#include "admission.h"
#include "base/cleanup.h"
#include "sources.h"

#define LOAD(field)	   __atomic_load_n(&(field), __ATOMIC_SEQ_CST)
#define STORE(field, value) __atomic_store_n(&(field), value, __ATOMIC_SEQ_CST)

/* Told "full" again only once this share of the places was free: new hosts knock at every place that frees. */
#define ROOM_SHARE 16

/* How often sources are counted: where a count may be wrong, and anyway. */
#define RECOUNTS_PER_EXPIRY 8
#define RECOUNT_EXPIRIES    8

/* A map of one, of maps of one: writing it is all that it is for. Returns a descriptor or -errno. */
static int make_map_of_maps(int inner_fd)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .inner_map_fd = (uint32_t)inner_fd);

	return bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "let_end", sizeof(uint32_t), sizeof(uint32_t), 1, &opts);
}

/*
 * synchronize_rcu(), by a system call that waits for it on every kernel: after a write into a map of maps
 * the kernel waits for all BPF programs that run (maybe_wait_bpf_programs() in kernel/bpf/syscall.c).
 * MEMBARRIER_CMD_GLOBAL does not wait where one CPU is online, though a PREEMPT_RT kernel can preempt a filter
 * there, and is rejected where there are nohz_full CPUs (kernel/sched/membarrier.c).
 */
static int wait_for_rcu(void)
{
	owned_fd inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, "let_end_one", sizeof(uint32_t), sizeof(uint32_t), 1, NULL);
	owned_fd outer = inner < 0 ? -1 : make_map_of_maps(inner);
	uint32_t zero = 0;

	return outer < 0 || bpf_map_update_elem(outer, &zero, &inner, BPF_ANY) ? -errno : 0;
}

/*
 * Wait until every run of a filter that is under way has ended: what it reserved is an entry, or was given
 * back. Filters run under RCU. Without memory for the maps, a run of microseconds has ended after a long
 * wait.
 */
static void let_filters_end(void)
{
	const struct timespec long_ago = { .tv_nsec = 100 * NS_PER_MS };

	if (wait_for_rcu())
		nanosleep(&long_ago, NULL);
}

static int count_entry(const struct rollcall_entry *entry, void *context)
{
	(void)entry;
	++*(uint64_t *)context;
	return 0;
}

/*
 * More places are taken than there are entries. What was reserved before the wait and was not
 * given back after it became an entry before the scan; of those the scan has found all but what left.
 */
static int find_who_left(const struct table *t)
{
	struct rollcall_state *s = t->state;
	uint64_t reserved = LOAD(s->reserved), given_back, found = 0;
	int err;

	let_filters_end();
	given_back = LOAD(s->given_back);
	err = table_walk(t, count_entry, &found);
	if (!err && (int64_t)(reserved - given_back - found) > (int64_t)s->left) {
		STORE(s->left, reserved - given_back - found);
		sources_doubt(t);
	}
	return err;
}

struct admission_scan admission_scan_begin(const struct table *t)
{
	return (struct admission_scan){ LOAD(t->state->reserved), LOAD(t->state->given_back), LOAD(t->state->unsealed) };
}

/* Entries that there can have been since the scan began. */
static uint64_t at_most(const struct rollcall_state *s, const struct admission_scan *scan)
{
	return LOAD(s->reserved) - scan->given_back - s->left;
}

static uint64_t at_least(const struct rollcall_state *s, const struct admission_scan *scan)
{
	return scan->reserved - LOAD(s->given_back) - s->left;
}

bool admission_scan_agrees(const struct table *t, const struct admission_scan *scan, uint64_t found)
{
	return (int64_t)found <= (int64_t)at_most(t->state, scan) && (int64_t)found >= (int64_t)at_least(t->state, scan);
}

int admission_scan_end(const struct table *t, const struct admission_scan *scan, uint64_t found)
{
	struct rollcall_state *s = t->state;
	int64_t surplus = (int64_t)(found - at_most(s, scan));

	if (surplus > 0) /* entered by somebody who does not count */
		__atomic_fetch_add(&s->reserved, (uint64_t)surplus, __ATOMIC_SEQ_CST);
	else if ((int64_t)at_least(s, scan) > (int64_t)found) /* or a filter is between its two steps: then nothing comes of it */
		return find_who_left(t);
	else
		return 0;
	sources_doubt(t);
	return 0;
}

/*
 * Filters change the count during the scan, and the scan has found some of these changes. So each number between the
 * counts before and after the scan agrees. What the loader removed otherwise than by a sweep is found here.
 */
void admission_unsealed_found(const struct table *t, const struct admission_scan *scan, uint64_t found)
{
	int64_t before = (int64_t)scan->unsealed, after = (int64_t)LOAD(t->state->unsealed);
	int64_t most = before > after ? before : after, least = before < after ? before : after, surplus = 0;

	if (t->settings.sealing != ROLLCALL_MIXED)
		return;
	if ((int64_t)found > most)
		surplus = (int64_t)found - most;
	else if ((int64_t)found < least)
		surplus = (int64_t)found - least;
	__atomic_fetch_add(&t->state->unsealed, (uint64_t)surplus, __ATOMIC_SEQ_CST);
}

void admission_left(const struct table *t, const struct rollcall_peer *removed)
{
	STORE(t->state->left, t->state->left + 1);
	if (t->settings.sealing == ROLLCALL_MIXED && !(removed->flags & ROLLCALL_PEER_SEALED))
		__atomic_fetch_sub(&t->state->unsealed, 1, __ATOMIC_SEQ_CST);
}

/*
 * Counting sources walks the table, so a flood must not bring it about at each sweep. Now and then it is
 * done without a reason: what nobody noticed is then put right too.
 */
static int recount(const struct table *t, uint64_t now_ns)
{
	struct rollcall_state *s = t->state;
	int64_t since_ns = (int64_t)(now_ns - s->recounted_ns);
	int64_t expiry_ns = (int64_t)t->settings.expiry_ns;
	__u64 counting = ROLLCALL_RECOUNTING;
	int err;

	if (s->recounted_ns && since_ns < (LOAD(s->recount) ? expiry_ns / RECOUNTS_PER_EXPIRY : RECOUNT_EXPIRIES * expiry_ns))
		return 0;
	STORE(s->recounted_ns, now_ns);
	STORE(s->recount, ROLLCALL_RECOUNTING);
	err = sources_recount(t);
	if (err)
		sources_doubt(t);
	else
		__atomic_compare_exchange_n(&s->recount, &counting, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return err;
}

int admission_swept(const struct table *t, uint64_t now_ns)
{
	struct rollcall_state *s = t->state;
	uint32_t room = t->settings.max_peers / ROOM_SHARE;
	int err = 0;

	STORE(s->scanned_ns, now_ns);
	STORE(s->scan_took_ns, rollcall_now_ns() - now_ns);
	STORE(s->scans, s->scans + 1);
	err = recount(t, now_ns);
	if (err < 0 || !LOAD(s->full) || (int64_t)rollcall_state_live(s) >= (int64_t)t->settings.max_peers - room)
		return err < 0 ? err : 0;
	STORE(s->full, 0);
	return 1;
}
