// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * sequence_stress [--rounds N] [--seed N]: sealed messages of one host on two CPUs at the same moment, by the
 * real filter and the real removal. In each round both CPUs start together; what they do is chosen at random:
 *
 *	both		the same message
 *	older, newer	two messages, also one that moves the host, or a goodbye
 *	sweep		one message, while the other CPU removes the stale entry, and then gets the same message
 *	plain		a message, and an announcement of the same name without a seal: the table is mixed
 *
 * After each round exactly one of two equal messages was accepted, the newest was accepted, and its sequence is in the
 * table. Exit status 0: in all rounds, and the CPUs met: both orders of two messages were seen.
 */
#include <bpf/libbpf.h>
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "says.h"

enum act { NOTHING, HEAR, REMOVE_AND_HEAR };

static struct work {
	enum act act;
	struct frame frame;
	uint64_t accepted, unrecorded; /* in this round */
} works[2];

static atomic_uint turn, ended; /* the round that the second CPU may begin, and the one that it has ended */
static atomic_bool stop;

static int run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

static void counts_of(int cpu, uint64_t *accepted, uint64_t *unrecorded)
{
	struct rollcall_counts counts[libbpf_num_possible_cpus()];
	__u32 slot = 0;

	if (bpf_map_lookup_elem(rig.table.outcomes_fd, &slot, counts))
		exit(1);
	*accepted = counts[cpu].outcomes[ROLLCALL_JOINED] + counts[cpu].outcomes[ROLLCALL_REFRESHED] +
		    counts[cpu].outcomes[ROLLCALL_MOVED] + counts[cpu].outcomes[ROLLCALL_RETURNED] +
		    counts[cpu].outcomes[ROLLCALL_LEFT];
	*unrecorded = counts[cpu].outcomes[ROLLCALL_UNRECORDED];
}

static void do_work(struct work *w)
{
	struct rollcall_entry entry = { .key = rig_key(NODE) };

	if (w->act == REMOVE_AND_HEAR)
		scanner_remove(&rig.scanner, &rig.table, &entry, rollcall_now_ns());
	if (w->act != NOTHING && hear(rig.prog_fd, &w->frame, 0))
		exit(1);
}

/* The second CPU; the first one is that of the main thread. */
static void *worker(void *context)
{
	if (run_on(1))
		exit(1);
	for (unsigned int round = 1; !stop; round++) {
		while (turn != round && !stop)
			;
		if (!stop)
			do_work(&works[1]);
		ended = round;
	}
	return context;
}

static uint64_t random_state = 1;

static uint64_t random_below(uint64_t bound)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % bound;
}

/* Both CPUs start together; one of them begins a little later, so that all steps meet. */
static void run_round(unsigned int round)
{
	uint64_t before[2][2], after[2][2];

	for (int cpu = 0; cpu < 2; cpu++)
		counts_of(cpu, &before[cpu][0], &before[cpu][1]);
	turn = round;
	for (volatile uint64_t pause = random_below(300); pause; pause--)
		;
	do_work(&works[0]);
	while (ended != round)
		;
	for (int cpu = 0; cpu < 2; cpu++) {
		counts_of(cpu, &after[cpu][0], &after[cpu][1]);
		works[cpu].accepted = after[cpu][0] - before[cpu][0];
		works[cpu].unrecorded = after[cpu][1] - before[cpu][1];
	}
}

static struct frame message_of(uint64_t sequence, bool moves, bool leaves)
{
	struct frame f;

	message_frame(&f, NODE, (struct says){ { leaves ? GOODBYE : 0, SEALED_KEY_ID, sequence, sealed_key }, moves ? 3 : 2, false });
	return f;
}

static unsigned long rounds, equal, both_accepted, one_accepted, plain_first, gave_up;

static void expect_entry(uint64_t sequence)
{
	struct rollcall_entry entry;

	EXPECT(entry_of(NODE, &entry) && entry.peer.sequence == sequence);
}

static void same_message(unsigned int round, bool swept)
{
	uint64_t sequence = next_sequence();

	works[0] = (struct work){ HEAR, message_of(sequence, random_below(2), false), 0, 0 };
	works[1] = (struct work){ swept ? REMOVE_AND_HEAR : HEAR, works[0].frame, 0, 0 };
	if (swept && entry_of(NODE, &(struct rollcall_entry){}))
		age(NODE, expiry_ns() + SECOND);
	run_round(round);
	gave_up += works[0].unrecorded + works[1].unrecorded;
	if (works[0].unrecorded + works[1].unrecorded)
		return;
	equal++;
	EXPECT(works[0].accepted + works[1].accepted == 1);
	expect_entry(sequence);
}

static void two_messages(unsigned int round)
{
	uint64_t older = next_sequence(), newer = next_sequence(), accepted;
	int first = (int)random_below(2);

	works[first] = (struct work){ HEAR, message_of(older, random_below(2), !random_below(4)), 0, 0 };
	works[!first] = (struct work){ HEAR, message_of(newer, random_below(2), false), 0, 0 };
	run_round(round);
	gave_up += works[0].unrecorded + works[1].unrecorded;
	if (works[0].unrecorded + works[1].unrecorded)
		return;
	accepted = works[0].accepted + works[1].accepted;
	EXPECT(works[!first].accepted == 1);
	EXPECT(accepted == 1 || accepted == 2);
	both_accepted += accepted == 2;
	one_accepted += accepted == 1;
	expect_entry(newer);
}

/* Before, the entry is missing, or without a seal, or sealed and stale, or live. */
static void beside_plain(unsigned int round)
{
	struct rollcall_entry entry = { .key = rig_key(NODE) };
	uint64_t sequence = next_sequence();
	int first = (int)random_below(2);

	works[first] = (struct work){ HEAR, message_of(sequence, random_below(2), false), 0, 0 };
	works[!first] = (struct work){ .act = HEAR };
	frame_of(&works[!first].frame, &rig.table.settings, NODE, random_below(2) ? 2 : 4, 0);
	switch (random_below(3)) {
	case 0:
		bpf_map_delete_elem(rig.table.peers_fd, &entry.key);
		break;
	case 1:
		bpf_map_delete_elem(rig.table.peers_fd, &entry.key);
		hear(rig.prog_fd, &works[!first].frame, 0);
		break;
	default:
		if (entry_of(NODE, &entry))
			age(NODE, expiry_ns() + SECOND);
	}
	run_round(round);
	gave_up += works[0].unrecorded + works[1].unrecorded;
	if (works[0].unrecorded + works[1].unrecorded)
		return;
	EXPECT(works[first].accepted == 1);
	plain_first += works[!first].accepted == 1;
	expect_entry(sequence);
	EXPECT(peer_of(NODE).flags == ROLLCALL_PEER_SEALED);
}

static void race(void)
{
	pthread_t second;

	prepare(0);
	if (run_on(0) || pthread_create(&second, NULL, worker, NULL))
		exit(1);
	for (unsigned int round = 1; round <= rounds && !failed; round++) {
		switch (random_below(4)) {
		case 0:
			beside_plain(round);
			break;
		case 1:
			same_message(round, random_below(2));
			break;
		default:
			two_messages(round);
		}
		if (round % 1000 == 0)
			prepare(0);
	}
	stop = true;
	pthread_join(second, NULL);
	printf("%lu rounds; of two messages both were accepted %lu times, one %lu times; equal ones %lu; plain ones recorded first %lu; given up %lu\n",
	       rounds, both_accepted, one_accepted, equal, plain_first, gave_up);
	EXPECT(both_accepted > rounds / 100 && one_accepted > rounds / 100);
	EXPECT(plain_first > rounds / 100);
	EXPECT(gave_up < rounds / 100);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "rounds", required_argument, NULL, 'r' }, { "seed", required_argument, NULL, 's' }, {}
	};
	struct rollcall_settings settings = ROLLCALL_DEFAULT_SETTINGS;
	int option;

	rounds = 20000;
	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == 'r')
			rounds = strtoul(optarg, NULL, 0);
		else if (option == 's')
			random_state = strtoull(optarg, NULL, 0);
		else
			return 2;
	}
	settings.sealing = ROLLCALL_MIXED;
	settings.names_per_source = 0; /* the removals are not counted here */
	failed = rig_open(&rig, &settings);
	if (!failed)
		race();
	rig_close(&rig);
	return failed;
}
