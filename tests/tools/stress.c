// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * stress: does the sweep ever lose an announcement? Two CPUs race on one table with an expiry of milliseconds. The
 * announcer, on CPU 0, gives names to the real filter at critical moments. The sweeper, on CPU 1, runs the real sweep()
 * in a loop. With --naive it runs a simple sweep instead: scan, then delete the expired entries, without a margin. That
 * must lose announcements; otherwise the test is wrong. A timer stops the sweeper for a moment at any point, so that
 * announcements fall into a sweep also if two virtual CPUs run on one CPU in turn. There are few names, so that each is
 * announced when it is due: on a slow machine many names would all be late, and would never fall into a sweep.
 *
 * The checked property: after an announcement was received at T, its entry is in the table with a last_seen of T or
 * later until T + expiry, except while the sweeper has removed it and puts it back. So after each announcement the
 * announcer looks up the entry, at once and again before it expires. If the entry is missing, or is older, the
 * announcer waits until the current pass of the sweeper has ended. By then the sweeper has put back all entries of that
 * pass, and no later pass removes this one, because it is not expired. If the entry is still missing and T + expiry has
 * not passed, it is lost. If T + expiry has passed by then (a thread did not get its CPU), the sample is dropped. A
 * sample is also dropped if its run of the filter took longer than the margin. The protocol assumes that no run does.
 * That is true for a margin of seconds, but not for the fraction of a millisecond here.
 */
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "rig.h"
#include "loader/sweeper.h"

#define NAMES_MAX 1024
#define STOPS_NS  300000 /* the interval at which the sweeper is stopped; STOP_NS is for how long */
#define STOP_NS   60000
#define PATIENCE  20 /* the maximum duration, as a multiple of the requested one, until there were enough races */

struct stress {
	struct rig rig;
	struct rollcall_settings settings;
	uint64_t margin_ns; /* of the protocol; --naive does not use it */
	uint64_t jitter_ns;
	uint64_t end_ns;
	uint64_t random;
	unsigned int names;
	uint64_t patience_ns; /* when to end although there were not enough races */
	unsigned long lost_enough; /* end when this number is lost; 0: run to the end */
	unsigned long heard_enough, deleted_enough, put_back_enough; /* continue until there were that many of each */
	bool naive;
	atomic_ulong passes; /* completed passes of the sweeper */
	atomic_int err;
	atomic_bool ended;
	/* written by the announcer */
	unsigned long announced, absent, outdated, dropped_run, dropped_late;
	/* written by the sweeper */
	atomic_ulong deleted, put_back;
	/* when both have ended: the number of taken places minus the number of entries */
	long misaccounted;
};

struct name {
	struct rollcall_peer_key key;
	struct frame frame;
	uint64_t heard_ns; /* 0: nothing to look up */
	uint64_t due_ns; /* when to look up again, or to announce */
	uint64_t announce_ns;
};

static struct name names[NAMES_MAX];

static uint64_t random_below(struct stress *s, uint64_t bound)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return s->random % bound;
}

static int run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

/* The number of races per second depends on the machine, so the test ends after a number of races, not after a time. */
static bool have_met(const struct stress *s)
{
	return s->announced - s->dropped_run - s->dropped_late >= s->heard_enough && s->deleted >= s->deleted_enough &&
	       s->put_back >= s->put_back_enough;
}

static bool going_on(const struct stress *s)
{
	return !s->err && rollcall_now_ns() < (have_met(s) ? s->end_ns : s->patience_ns) &&
	       (!s->lost_enough || s->absent + s->outdated < s->lost_enough);
}

/* ------------------------------------------------------------------------------ the announcer */

enum sight { THERE, OUTDATED, ABSENT };

static enum sight look(const struct stress *s, const struct name *name, uint64_t heard_ns)
{
	struct rollcall_peer peer;

	if (bpf_map_lookup_elem(s->rig.table.peers_fd, &name->key, &peer))
		return ABSENT;
	return peer.last_seen_ns < heard_ns ? OUTDATED : THERE;
}

/* Was the name in the table? See above why this finds every loss, and reports no false one. */
static bool check(struct stress *s, const struct name *name, uint64_t heard_ns)
{
	enum sight sight = look(s, name, heard_ns);
	unsigned long passes = s->passes; /* read after the look-up, so that the next pass to end includes the current one */

	while (sight != THERE) {
		bool out_of_hand = s->passes > passes; /* read before the look-up */

		sight = look(s, name, heard_ns);
		if (rollcall_now_ns() > heard_ns + s->settings.expiry_ns || s->ended) {
			s->dropped_late++;
			return false;
		}
		if (sight != THERE && out_of_hand)
			break;
	}
	s->absent += sight == ABSENT;
	s->outdated += sight == OUTDATED;
	return sight == THERE;
}

static void announce(struct stress *s, struct name *name)
{
	uint64_t heard_ns = rollcall_now_ns();
	int err = hear(s->rig.prog_fd, &name->frame, 0);

	name->heard_ns = 0;
	if (err) {
		s->err = err;
		return;
	}
	s->announced++;
	if (rollcall_now_ns() - heard_ns >= s->margin_ns)
		s->dropped_run++;
	else if (check(s, name, heard_ns))
		name->heard_ns = heard_ns;
}

/* Look up a name again later, to find the effect of a sweep after its announcement. */
static void look_again(struct stress *s, struct name *name)
{
	check(s, name, name->heard_ns);
	name->heard_ns = 0;
	name->due_ns = name->announce_ns;
}

/* When to announce a name again: at a moment at which sweep and announcement may race. */
static uint64_t next_due_ns(struct stress *s)
{
	uint64_t jitter_ns = random_below(s, 2 * s->jitter_ns);
	uint64_t about_ns;

	switch (random_below(s, 8)) {
	case 0: /* when refreshes are no longer stores in place */
		about_ns = s->settings.refresh_ns;
		break;
	case 1: /* when it may be removed already */
		about_ns = s->settings.expiry_ns + random_below(s, s->settings.expiry_ns / 2);
		break;
	default: /* when the sweeper has found it expired and has not removed it yet */
		about_ns = s->settings.expiry_ns + s->jitter_ns / 2;
	}
	return rollcall_now_ns() + about_ns + jitter_ns - s->jitter_ns;
}

static void *announcer(void *context)
{
	struct stress *s = context;

	s->err = run_on(0);
	while (going_on(s)) {
		struct name *first = &names[0];

		for (unsigned int i = 1; i < s->names; i++)
			if (names[i].due_ns < first->due_ns)
				first = &names[i];
		if (rollcall_now_ns() < first->due_ns)
			continue;
		if (first->heard_ns) {
			look_again(s, first);
			continue;
		}
		/* several at once: the later ones may fall between the removal of the entry and its putting back */
		for (uint64_t times = random_below(s, 4) ? 1 : 1 + random_below(s, 32); times; times--)
			announce(s, first);
		first->announce_ns = next_due_ns(s);
		first->due_ns = first->heard_ns ? rollcall_now_ns() + random_below(s, s->settings.expiry_ns)
						: first->announce_ns;
	}
	s->ended = true;
	return NULL;
}

/* -------------------------------------------------------------------------------- the sweepers */

static void on_leave(const struct rollcall_entry *entry, void *context)
{
	(void)entry;
	(void)context;
}

static int pass_of_protocol(struct stress *s)
{
	struct sweep_report report;
	int err = sweep(&s->rig.table, on_leave, NULL, &report);

	s->deleted += report.left;
	s->put_back += report.put_back;
	return err;
}

struct scan {
	const struct stress *stress;
	uint64_t now_ns;
	struct rollcall_peer_key stale[2 * NAMES_MAX];
	size_t count;
};

static int scan_entry(const struct rollcall_entry *entry, void *context)
{
	struct scan *scan = context;

	if (!peer_is_kept(&scan->stress->rig.table, &entry->peer, scan->now_ns) &&
	    scan->count < sizeof(scan->stale) / sizeof(scan->stale[0]))
		scan->stale[scan->count++] = entry->key;
	return 0;
}

static int pass_of_naive(struct stress *s)
{
	static struct scan scan;
	int err;

	scan.stress = s;
	scan.count = 0;
	scan.now_ns = rollcall_now_ns();
	err = table_walk(&s->rig.table, scan_entry, &scan);
	for (size_t i = 0; i < scan.count; i++)
		s->deleted += !bpf_map_delete_elem(s->rig.table.peers_fd, &scan.stale[i]);
	return err;
}

static void stop(int number)
{
	int err = errno;

	(void)number;
	nanosleep(&(const struct timespec){ .tv_nsec = STOP_NS }, NULL);
	errno = err;
}

/* Stop the calling thread every STOPS_NS for STOP_NS, at any point. */
static int be_stopped(timer_t *timer)
{
	const struct itimerspec often = { .it_interval.tv_nsec = STOPS_NS, .it_value.tv_nsec = STOPS_NS };
	struct sigaction action = { .sa_handler = stop, .sa_flags = SA_RESTART };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM };

	event._sigev_un._tid = gettid();
	if (sigaction(SIGALRM, &action, NULL) || timer_create(CLOCK_MONOTONIC, &event, timer))
		return -errno;
	return timer_settime(*timer, 0, &often, NULL) ? -errno : 0;
}

static void *sweeper(void *context)
{
	struct stress *s = context;
	timer_t timer;
	int err = run_on(1);

	if (!err)
		err = be_stopped(&timer);
	while (!err && !s->ended) {
		err = s->naive ? pass_of_naive(s) : pass_of_protocol(s);
		s->passes++;
	}
	if (err)
		s->err = err;
	return NULL;
}

/* -------------------------------------------------------------------------------------------- */

static int race(struct stress *s, double seconds)
{
	pthread_t threads[2];

	for (unsigned int i = 0; i < s->names; i++) {
		char text[32];

		snprintf(text, sizeof(text), "node-%u", i);
		frame_of(&names[i].frame, &s->settings, text, (uint16_t)(i + 2), 0);
		names[i].key = rig_key(text);
		names[i].due_ns = rollcall_now_ns() + random_below(s, s->settings.expiry_ns);
	}
	s->end_ns = rollcall_now_ns() + (uint64_t)(seconds * NS_PER_S);
	s->patience_ns = rollcall_now_ns() + (uint64_t)(PATIENCE * seconds * NS_PER_S);
	if (pthread_create(&threads[0], NULL, announcer, s))
		return -EAGAIN;
	if (pthread_create(&threads[1], NULL, sweeper, s))
		s->err = -EAGAIN;
	else
		pthread_join(threads[1], NULL);
	pthread_join(threads[0], NULL);
	return s->err;
}

static int count_entry(const struct rollcall_entry *entry, void *context)
{
	(void)entry;
	++*(long *)context;
	return 0;
}

/* Run one real sweep, which corrects the account (the filter counts with --naive too). */
static int settle(struct stress *s)
{
	long entries = 0;
	int err = pass_of_protocol(s);

	if (!err)
		err = table_walk(&s->rig.table, count_entry, &entries);
	s->misaccounted = (long)rollcall_state_live(s->rig.table.state) - entries;
	return err;
}

static void print(const struct stress *s)
{
	printf("{\"announcements\":%lu,\"passes\":%lu,\"deletions\":%lu,\"put_backs\":%lu,\"lost\":%lu,"
	       "\"absent\":%lu,\"outdated\":%lu,\"dropped_run\":%lu,\"dropped_late\":%lu,\"misaccounted\":%ld}\n",
	       s->announced, s->passes, s->deleted, s->put_back, s->absent + s->outdated, s->absent, s->outdated,
	       s->dropped_run, s->dropped_late, s->misaccounted);
}

static int usage(const char *program)
{
	fprintf(stderr, "usage: %s [--naive] [--seconds N] [--until-lost N] [--heard N] [--deletions N] [--put-backs N] [--names N] [--expiry-us N] "
		"[--jitter-us N] [--seed N]\n", program);
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "naive", no_argument, NULL, 'n' },
		{ "seconds", required_argument, NULL, 's' },
		{ "until-lost", required_argument, NULL, 'l' },
		{ "heard", required_argument, NULL, 'h' },
		{ "deletions", required_argument, NULL, 'd' },
		{ "put-backs", required_argument, NULL, 'p' },
		{ "names", required_argument, NULL, 'k' },
		{ "expiry-us", required_argument, NULL, 'e' },
		{ "jitter-us", required_argument, NULL, 'j' },
		{ "seed", required_argument, NULL, 'r' },
		{},
	};
	static struct stress s = { .names = 4, .random = 1, .jitter_ns = 60000,
				   .settings = ROLLCALL_DEFAULT_SETTINGS };
	double seconds = 6;
	int got, err;

	s.settings.max_peers = NAMES_MAX;
	s.settings.expiry_ns = 2 * NS_PER_MS;
	while ((got = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (got) {
		case 'n':
			s.naive = true;
			break;
		case 's':
			seconds = strtod(optarg, NULL);
			break;
		case 'l':
			s.lost_enough = strtoul(optarg, NULL, 10);
			break;
		case 'h':
			s.heard_enough = strtoul(optarg, NULL, 10);
			break;
		case 'd':
			s.deleted_enough = strtoul(optarg, NULL, 10);
			break;
		case 'p':
			s.put_back_enough = strtoul(optarg, NULL, 10);
			break;
		case 'k':
			s.names = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'e':
			s.settings.expiry_ns = 1000 * strtoull(optarg, NULL, 10);
			break;
		case 'j':
			s.jitter_ns = 1000 * strtoull(optarg, NULL, 10);
			break;
		case 'r':
			s.random = 2 * strtoull(optarg, NULL, 10) + 1; /* never 0 */
			break;
		default:
			return usage(argv[0]);
		}
	}
	if (optind < argc || !s.names || s.names > NAMES_MAX || !s.jitter_ns || !s.settings.expiry_ns)
		return usage(argv[0]);
	s.settings.refresh_ns = ROLLCALL_REFRESH_NS(s.settings.expiry_ns);
	s.margin_ns = s.settings.expiry_ns - s.settings.refresh_ns;
	if (s.naive)
		s.settings.refresh_ns = s.settings.expiry_ns;
	err = rig_open(&s.rig, &s.settings);
	if (!err)
		err = race(&s, seconds);
	if (!err)
		err = settle(&s);
	rig_close(&s.rig);
	if (err)
		fprintf(stderr, "%s: %s\n", argv[0], strerror(-err));
	else
		print(&s);
	return err ? 1 : 0;
}
