// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * fuzz_compare [--seed N] [--frames N] [--seconds N] CORPUS
 *
 * Compares the filter's headers, compiled for this machine, with both programs of the BPF object in the kernel. The
 * same bytes must have the same outcome, and an accepted announcement must be recorded with the same key and addresses.
 * First each input of CORPUS is run (one per line, in hexadecimal), then N inputs made from them. The output is the
 * number of frames per outcome. A difference is printed with its input, as a line of CORPUS. The same seed makes the
 * same inputs.
 */
#include <getopt.h>
#include <inttypes.h>
#include <time.h>

#include "../fuzz/mutate.h"
#include "filterrun.h"
#include "frame.h"
#include "base/parse.h"

#define CORPUS_MAX	1024
#define MUTATIONS_MAX	3
#define DIFFERENCES_MAX 10

struct entry {
	uint8_t bytes[INPUT_BYTES_MAX];
	size_t count;
};

static struct entry corpus[CORPUS_MAX];
static uint32_t corpus_count;

static const char *const hooks[] = { "xdp", "tc" };
static struct filterrun filters[NATIVE_SETTINGS][2];

static uint64_t met[ROLLCALL_OUTCOME_COUNT + 1], frames;
static uint32_t differences;

static const char *word_of(enum rollcall_outcome outcome)
{
	if (outcome == PROCEED)
		return "accepted";
	return outcome == ROLLCALL_NOT_OURS ? "not_ours" : outcome_name(outcome);
}

static int corpus_line(const char *line)
{
	struct entry *e = &corpus[corpus_count];

	for (e->count = 0; e->count < INPUT_BYTES_MAX && !frame_hex_parse(line, &e->bytes[e->count]); line += 2)
		e->count++;
	if (!e->count)
		return *line == '#' || *line == '\n' ? 0 : fail(0, NULL, "no input in hexadecimal: %s", line);
	if (++corpus_count == CORPUS_MAX)
		return fail(0, NULL, "more than %d inputs", CORPUS_MAX - 1);
	return 0;
}

static int corpus_read(const char *path)
{
	char line[3 * INPUT_BYTES_MAX];
	FILE *file = fopen(path, "re");
	int err = 0;

	if (!file)
		return fail(-errno, NULL, "cannot open '%s'", path);
	while (!err && fgets(line, sizeof(line), file))
		err = corpus_line(line);
	fclose(file);
	if (!err && !corpus_count)
		err = fail(0, NULL, "'%s' has no inputs", path);
	return err;
}

static int filters_load(void)
{
	int err = 0;

	for (uint8_t i = 0; i < NATIVE_SETTINGS; i++)
		for (int hook = 0; !err && hook < 2; hook++) {
			struct filterrun *r = &filters[i][hook];
			struct rollcall_settings *config;

			err = filterrun_open(r);
			if (err)
				return err;
			config = filterrun_rodata(r, "config", sizeof(*config));
			if (!config)
				return -ENOENT;
			native_settings(i, config);
			err = filterrun_load(r, hooks[hook]);
		}
	return err;
}

static void filters_close(void)
{
	for (int i = 0; i < NATIVE_SETTINGS; i++)
		for (int hook = 0; hook < 2; hook++)
			filterrun_close(&filters[i][hook]);
}

static void tell(const struct entry *e, const char *hook, const struct native *n, const char *what)
{
	printf("%s: native %s, %s\n", hook, word_of(n->outcome), what);
	for (size_t i = 0; i < e->count; i++)
		printf("%02x", e->bytes[i]);
	printf("\n");
	differences++;
}

/*
 * An announcement that native accepts must be recorded, or rejected by the table. An entry must be the one that native
 * made.
 */
static const char *differs(const struct filterrun *r, const struct native *n, const struct filterrun_result *result)
{
	struct rollcall_peer peer;

	if (n->outcome != PROCEED)
		return result->outcome == n->outcome ? NULL : word_of(result->outcome);
	if (result->outcome == ROLLCALL_NOT_OURS || result->outcome >= ROLLCALL_BAD_IP_HEADER)
		return word_of(result->outcome);
	if (n->announcement.peer.flags & ANNOUNCEMENT_GOODBYE)
		return result->outcome == ROLLCALL_LEFT || result->outcome == ROLLCALL_GOODBYE_IGNORED ? NULL : word_of(result->outcome);
	if (result->outcome > ROLLCALL_RETURNED)
		return NULL;
	if (bpf_map_lookup_elem(r->peers_fd, &n->announcement.key, &peer))
		return "and no entry under its key";
	peer.contested = 0; /* it depends on earlier announcements, which native does not know */
	return memcmp(&peer, &n->announcement.peer, __builtin_offsetof(struct rollcall_peer, first_seen_ns)) ?
		       "and other addresses" : NULL;
}

static int compare(const struct entry *e)
{
	struct filterrun *pair = filters[e->bytes[0] % NATIVE_SETTINGS];
	struct native n;
	int err = 0;

	native_run(&n, e->bytes, e->count, HEARD_ON_LOOPBACK);
	for (int hook = 0; !err && hook < 2; hook++) {
		struct filterrun_result result = {};
		const char *what;

		err = filterrun_frame(&pair[hook], e->bytes + INPUT_ETH, (__u32)(e->count - INPUT_ETH), &result);
		if (err == -ENODATA) { /* the kernel runs no program over a frame that is so short */
			err = 0;
			result.outcome = ROLLCALL_NOT_OURS;
		}
		what = err ? NULL : differs(&pair[hook], &n, &result);
		if (what)
			tell(e, hooks[hook], &n, what);
	}
	native_end(&n);
	met[n.outcome]++;
	frames++;
	return err;
}

static void make_input(struct entry *e, uint64_t *random)
{
	struct input in = { e->bytes, 0, sizeof(e->bytes) };

	*e = corpus[random_below(random, corpus_count)];
	in.count = e->count;
	for (uint32_t i = 1 + random_below(random, MUTATIONS_MAX); i; i--)
		input_mutate(&in, random);
	e->count = in.count;
}

static int run(uint64_t seed, uint32_t count, uint32_t seconds)
{
	time_t end = time(NULL) + seconds;
	struct entry e;
	int err = 0;

	for (uint32_t i = 0; !err && i < corpus_count; i++)
		err = compare(&corpus[i]);
	while (!err && differences < DIFFERENCES_MAX && (frames < count || (seconds && time(NULL) < end))) {
		make_input(&e, &seed);
		err = compare(&e);
	}
	return err;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "frames", required_argument, NULL, 'f' },
		{ "seconds", required_argument, NULL, 't' },
		{},
	};
	__u32 seed = 1, count = 0, seconds = 0;
	int option, err = 0;

	while (!err && (option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		err = option == '?' ? -EINVAL :
		      parse_number(optarg, 0, UINT32_MAX, option == 's' ? &seed : option == 'f' ? &count : &seconds);
	if (err || optind + 1 != argc) {
		fprintf(stderr, "usage: fuzz_compare [--seed N] [--frames N] [--seconds N] CORPUS\n");
		return 2;
	}
	err = corpus_read(argv[optind]);
	if (!err)
		err = filters_load();
	if (!err)
		err = run(seed, count, seconds);
	filters_close();
	for (int i = 0; !err && i <= ROLLCALL_OUTCOME_COUNT; i++)
		if (met[i])
			printf("%s %" PRIu64 "\n", word_of(i), met[i]);
	printf("frames %" PRIu64 ", seed %u, differences %u\n", frames, seed, differences);
	return err || differences ? 1 : 0;
}
