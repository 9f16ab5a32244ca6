// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Linux itself as the oracle: the same frames are sent to a real socket and to the attached filter, and what both
 * received is compared.
 *
 *	oracle corpus MODE [--jumbo] [--gro FEATURE] <LINES	prints per line: receiver, outcome, the line
 *	oracle random MODE [--sealed] [--jumbo] [--gro FEATURE] [--frames N | --seconds N] [--seed N] [--keep DIR]
 *
 * MODE is native, generic, tcx or clsact. A line of the corpus is "raw HEX" (oracle_text.h) or fields as in
 * frame_spec.h, with further frames after ';'. FEATURE is a feature of ethtool -K that is enabled in addition to GRO,
 * so that datagrams of one sender are merged into one buffer. With --sealed the table has a key. Random frames are made by oracle_mutate.h. The exit
 * status is 1 if filter and socket differ in another way than the exceptions in oracle_exceptions.h. A frame over which
 * they differ is printed in hexadecimal, in the format of the corpus, and kept in DIR.
 */
#include <getopt.h>
#include <time.h>

#include "base/clock.h"
#include "filterrun.h"
#include "loader/hook.h"
#include "oracle_exceptions.h"
#include "oracle_heard.h"
#include "oracle_lan.h"
#include "oracle_mutate.h"
#include "oracle_text.h"

#define PIN	   "/sys/fs/bpf/oracle"
#define TABLE_SIZE 2048 /* enough for a batch; a small map is read faster */
#define BATCH_MAX  (LAN_BURST_MAX - 2)
#define TELL_MAX   20
#define LINE_BYTES 16384
#define JUMBO_MTU  9000

struct oracle {
	struct lan lan;
	struct filterrun filter;
	struct hook hook;
	uint64_t rounds;
};

/* The results of one batch. */
struct round {
	struct heard socket, filter;
	struct rollcall_counts counts; /* only of its frames */
};

/* Write what the loader would write: the MAC address of the interface, and the addresses of this host. */
static int write_host(const struct oracle *o)
{
	struct rollcall_attachment here = { .ifindex = o->lan.ifindex, .mode = o->hook.mode };
	struct rollcall_own_address own = { .address = LAN_ADDRESS, .family = ROLLCALL_FAMILY_IPV4 };
	int fd = bpf_object__find_map_fd_by_name(o->filter.object, "interfaces");
	__u32 slot = 0;

	for (int i = 0; i < 6; i++)
		here.lladdr[i] = (__u8)(LAN_MAC >> (40 - 8 * i));
	if (fd < 0 || bpf_map_update_elem(fd, &slot, &here, BPF_ANY))
		return fail(-errno, NULL, "cannot write 'interfaces'");
	fd = bpf_object__find_map_fd_by_name(o->filter.object, "own_addresses");
	if (fd < 0 || bpf_map_update_elem(fd, &own, &(__u8){ 1 }, BPF_ANY))
		return fail(-errno, NULL, "cannot write 'own_addresses'");
	return 0;
}

/* Write what the loader would write to a table with a key. */
static int write_key(const struct oracle *o)
{
	struct rollcall_state state = { .realtime_offset_ns = ORACLE_TIME_US * 1000 - rollcall_now_ns() };
	int keys = bpf_object__find_map_fd_by_name(o->filter.object, "keys");
	int fd = bpf_object__find_map_fd_by_name(o->filter.object, "state");
	__u32 id = SEALED_KEY_ID, zero = 0;

	if (keys < 0 || fd < 0 || bpf_map_update_elem(keys, &id, sealed_key, BPF_ANY) ||
	    bpf_map_update_elem(fd, &zero, &state, BPF_ANY))
		return fail(-errno, NULL, "cannot write the key");
	return 0;
}

static int attach(struct oracle *o, const char *mode, bool jumbo)
{
	struct hook_order order;
	struct rollcall_settings *config;
	int err = hook_order(mode, &order);

	if (err || order.count != 1)
		return fail(-EINVAL, NULL, "bad mode '%s'", mode);
	err = filterrun_open(&o->filter);
	config = err ? NULL : filterrun_rodata(&o->filter, "config", sizeof(*config));
	if (!config)
		return -ENOENT;
	config->names_per_source = 0;
	if (oracle_sealed) {
		config->sealing = ROLLCALL_SEALED;
		config->max_skew_ns = ORACLE_SKEW_S * NS_PER_S;
	}
	o->hook = (struct hook){ .ifindex = o->lan.ifindex, .mode = order.modes[0] };
	bpf_map__set_max_entries(bpf_object__find_map_by_name(o->filter.object, "peers"), TABLE_SIZE);
	if (jumbo) /* the loader sets it if the kernel supports it */
		bpf_program__set_flags(bpf_object__find_program_by_name(o->filter.object, "rollcall_xdp"),
				       BPF_F_XDP_HAS_FRAGS);
	err = filterrun_load(&o->filter, hook_is_tc(o->hook.mode) ? "tc" : "xdp");
	if (!err)
		err = write_host(o);
	if (!err && oracle_sealed)
		err = write_key(o);
	if (err)
		return err;
	hook_prepare(&o->hook);
	err = hook_attach(&o->hook, PIN, o->filter.prog_fd);
	return err ? fail(err, NULL, "cannot attach") : 0;
}

/* Make the marker at the end of a batch: an announcement that both sides must receive. There is one per family. */
static void make_marker(const char *name, uint8_t family, struct frame *f)
{
	struct frame_spec spec;

	frame_defaults(&spec);
	frame_text_parse(name, &spec.name);
	frame_set_number(&spec, FRAME_FAMILY, family);
	frame_set_number(&spec, FRAME_UDP_SRC, 7); /* a separate flow, which is not merged with others */
	if (oracle_sealed)
		sealed_prefix(&spec, &(struct message_spec){ 0, SEALED_KEY_ID, ORACLE_TIME_US, sealed_key });
	frame_build(&spec, f);
}

static int count_round(struct oracle *o, struct round *round)
{
	struct rollcall_counts now;
	int err = filterrun_counts(&o->filter, 0, &now);

	for (int i = 0; !err && i < ROLLCALL_OUTCOME_COUNT; i++)
		round->counts.outcomes[i] = now.outcomes[i] - o->filter.counts.outcomes[i];
	round->counts.outcomes[ROLLCALL_JOINED] -= 2; /* the markers */
	o->filter.counts = now;
	return err;
}

/* Send COUNT frames, at most BATCH_MAX, to both sides. Returns 0 or -errno, reported. */
static int play(struct oracle *o, const struct frame *frames, uint32_t count, struct round *round)
{
	struct frame batch[LAN_BURST_MAX];
	char marker[32];
	int err;

	memset(round, 0, sizeof(*round));
	memcpy(batch, frames, count * sizeof(*frames));
	snprintf(marker, sizeof(marker), "marker-%llu", (unsigned long long)o->rounds++);
	make_marker(marker, 4, &batch[count]);
	make_marker(marker, 6, &batch[count + 1]);
	err = lan_send(&o->lan, batch, count + 2);
	if (!err)
		err = heard_receive(&round->socket, o->lan.udp4, 4, marker);
	if (!err)
		err = heard_receive(&round->socket, o->lan.udp6, 6, marker);
	if (!err)
		err = heard_collect(&round->filter, o->filter.peers_fd, o->lan.ifindex);
	if (!err && (!heard_take(&round->filter, 4, marker) || !heard_take(&round->filter, 6, marker)))
		err = fail(0, NULL, "the filter did not register the end of a batch");
	return err ? err : count_round(o, round);
}

static const char *round_outcome(const struct round *round)
{
	const char *word = "not_ours";

	for (int i = 1; i < ROLLCALL_OUTCOME_COUNT; i++) {
		if (!round->counts.outcomes[i])
			continue;
		if (round->counts.outcomes[i] != 1 || strcmp(word, "not_ours"))
			return "several";
		word = outcome_name(i);
	}
	return word;
}

/* Send the frames of a line, separated by ';'. Each is built independently. */
static int play_line(struct oracle *o, const char *line)
{
	struct frame frames[8];
	struct round round;
	char text[LINE_BYTES], *save, *part;
	uint32_t count = 0;
	int err = 0;

	memcpy(text, line, LINE_BYTES);
	for (part = strtok_r(text, ";", &save); !err && part; part = strtok_r(NULL, ";", &save))
		err = count == 8 ? fail(0, NULL, "more than 8 frames: '%s'", line) : text_parse_frame(part, &frames[count++]);
	if (!err && !count) /* the one known from the wire */
		err = text_parse_frame(text + strlen(text), &frames[count++]);
	if (!err)
		err = play(o, frames, count, &round);
	if (err)
		return err;
	printf("%s %s%s%s\n",
	       heard_equal(&round.socket, &round.filter) ? round.socket.count ? "both" : "neither" :
	       !round.filter.count			 ? "socket" :
	       !round.socket.count			 ? "filter" :
							   "differ",
	       round_outcome(&round), *line ? " " : "", line);
	return 0;
}

static int corpus(struct oracle *o)
{
	char line[LINE_BYTES] = "";
	int err = 0;

	while (!err && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		err = play_line(o, line);
	}
	return err;
}

struct plan {
	uint64_t frames, seconds, seed;
	bool jumbo;
	const char *keep, *gro;
};

struct tally {
	uint64_t frames, batches, alone, heard[2], differed; /* heard: over IPv4, IPv6 */
};

static void keep_frame(const struct plan *plan, uint64_t number, const struct frame *f)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%llu-%llu.hex", plan->keep, (unsigned long long)plan->seed,
		 (unsigned long long)number);
	file = fopen(path, "w");
	if (!file) {
		fail(-errno, NULL, "cannot write '%s'", path);
		return;
	}
	text_print_frame(file, f);
	fclose(file);
}

static bool as_it_should_be(struct round *round, enum exception exception)
{
	bool equal = heard_equal(&round->socket, &round->filter);

	switch (exception) {
	case EXCEPTION_NEVER:
		return !round->filter.count;
	case EXCEPTION_ALSO:
		return equal || !round->socket.count;
	case EXCEPTION_LESS:
		return equal || !round->filter.count;
	case EXCEPTION_EITHER:
		return equal || !round->socket.count || !round->filter.count;
	default:
		return equal;
	}
}

static void add_heard(struct tally *tally, const struct heard *h)
{
	for (uint32_t i = 0; i < h->count; i++)
		tally->heard[h->names[i].family == ROLLCALL_FAMILY_IPV6]++;
}

/* Run one frame alone. */
static int try_frame(struct oracle *o, const struct plan *plan, struct tally *tally, uint64_t number,
		     const struct frame *f, bool *bad)
{
	struct round round;
	int err = play(o, f, 1, &round);

	*bad = !err && !as_it_should_be(&round, exception_of(f));
	if (err || !*bad)
		return err;
	tally->differed++;
	printf("frame %llu: %s\n  ", (unsigned long long)number, round_outcome(&round));
	text_print_frame(stdout, f);
	heard_print(&round.socket, "the socket");
	heard_print(&round.filter, "the filter");
	if (plan->keep)
		keep_frame(plan, number, f);
	return 0;
}

/* If filter and socket differ over a batch, it is run again frame by frame. */
static int try_batch(struct oracle *o, const struct plan *plan, struct tally *tally, const struct frame *frames,
		     const uint64_t *numbers, uint32_t count)
{
	struct round round;
	bool bad, found = false;
	int err = play(o, frames, count, &round);

	tally->batches++;
	add_heard(tally, &round.filter);
	if (err || !count || heard_equal(&round.socket, &round.filter))
		return err;
	for (uint32_t i = 0; !err && i < count && tally->differed < TELL_MAX; i++) {
		err = try_frame(o, plan, tally, numbers[i], &frames[i], &bad);
		found |= bad;
	}
	if (!err && !found) {
		tally->differed++;
		printf("frames %llu to %llu, but none of them by itself\n", (unsigned long long)numbers[0],
		       (unsigned long long)numbers[count - 1]);
		heard_print(&round.socket, "the socket");
		heard_print(&round.filter, "the filter");
	}
	return err;
}

/* Make and run the next batch. A frame that is an exception is run at once, alone. */
static int next_batch(struct oracle *o, const struct plan *plan, struct tally *tally)
{
	struct frame frames[BATCH_MAX];
	uint64_t numbers[BATCH_MAX] = {};
	uint32_t count = 0;
	bool bad;
	int err = 0;

	while (!err && count < BATCH_MAX && (plan->seconds || tally->frames < plan->frames)) {
		numbers[count] = tally->frames++;
		mutate_make(plan->seed, numbers[count], plan->jumbo, &frames[count]);
		if (exception_of(&frames[count]) == EXCEPTION_NONE) {
			count++;
			continue;
		}
		tally->alone++;
		err = try_frame(o, plan, tally, numbers[count], &frames[count], &bad);
	}
	return err ? err : try_batch(o, plan, tally, frames, numbers, count);
}

static int random_frames(struct oracle *o, const struct plan *plan)
{
	uint64_t end = rollcall_now_ns() + plan->seconds * NS_PER_S;
	struct tally tally = {};
	int err = lan_drop_fragments();

	while (!err && tally.differed < TELL_MAX &&
	       (plan->seconds ? rollcall_now_ns() < end : tally.frames < plan->frames))
		err = next_batch(o, plan, &tally);
	printf("seed %llu: %llu frames, %llu of them alone, %llu batches; heard %llu over IPv4, %llu over IPv6; "
	       "%llu differed\n",
	       (unsigned long long)plan->seed, (unsigned long long)tally.frames, (unsigned long long)tally.alone,
	       (unsigned long long)tally.batches, (unsigned long long)tally.heard[0],
	       (unsigned long long)tally.heard[1], (unsigned long long)tally.differed);
	return err ? err : tally.differed ? -EBADMSG : 0;
}

static int parse_plan(struct plan *plan, int argc, char **argv)
{
	static const struct option options[] = {
		{ "frames", required_argument, NULL, 'f' }, { "seconds", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' },   { "keep", required_argument, NULL, 'k' },
		{ "jumbo", no_argument, NULL, 'j' },	    { "gro", required_argument, NULL, 'g' },
		{ "sealed", no_argument, NULL, 'e' },	    {}
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == '?')
			return -EINVAL;
		if (option == 'e')
			oracle_sealed = true;
		else if (option == 'j')
			plan->jumbo = true;
		else if (option == 'k')
			plan->keep = optarg;
		else if (option == 'g')
			plan->gro = optarg;
		else
			*(option == 'f' ? &plan->frames : option == 's' ? &plan->seconds : &plan->seed) =
				strtoull(optarg, NULL, 0);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct plan plan = { .frames = 10000, .seed = 1 };
	struct oracle o = {};
	bool random = argc > 2 && !strcmp(argv[1], "random");
	int err;

	if (argc < 3 || (!random && strcmp(argv[1], "corpus")) || parse_plan(&plan, argc - 2, argv + 2)) {
		fputs("usage: oracle corpus MODE [--jumbo] [--gro FEATURE] <LINES\n"
		      "       oracle random MODE [--sealed] [--jumbo] [--gro FEATURE] [--frames N | --seconds N] [--seed N] [--keep DIR]\n", stderr);
		return 2;
	}
	err = lan_open(&o.lan, plan.jumbo ? JUMBO_MTU : ETH_DATA_LEN);
	if (!err && plan.gro)
		err = lan_merge(plan.gro);
	if (!err)
		err = attach(&o, argv[2], plan.jumbo);
	if (!err)
		err = random ? random_frames(&o, &plan) : corpus(&o);
	filterrun_close(&o.filter);
	return err ? 1 : 0; /* namespaces, device and pin are removed with the process */
}
