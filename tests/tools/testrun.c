// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * testrun xdp|tc [OPTION...] <STEPS: run the filter over frames, and print one line per step.
 *
 *	frame [FIELD=VALUE...]		VERDICT OUTCOME and the fields (fields: frame.h)
 *	raw HEX				likewise
 *	sweep FIELD [FIELD=VALUE...]	every value of the field: VERDICT OUTCOME FIRST..LAST
 *	show [FIELD=VALUE...]		the frame's bytes, not run
 *	own_name NAME			add NAME to the names of this host
 *	age NAME SECONDS		change its entry as if it was received SECONDS ago
 *	peer NAME			print its entry; the times are in whole tens of seconds
 *	total				print how many frames were counted in all slots
 *
 * --sealed: the table has the key of sealed.h, and records only what is sealed.
 * The outcome "not_ours" means that the frame was not counted; "too_short" means that the kernel does not run a program
 * over the frame. A frame that is counted twice is an error.
 */
#include <arpa/inet.h>
#include <getopt.h>

#include "base/clock.h"
#include "filterrun.h"
#include "sealed.h"
#include "base/parse.h"

static bool anew; /* before each frame the entry of its name is removed */
static bool sealed;

static const char *word_of(int err, enum rollcall_outcome outcome)
{
	if (err)
		return "too_short";
	return outcome == ROLLCALL_NOT_OURS ? "not_ours" : outcome_name(outcome);
}

static int run(struct filterrun *r, const struct frame *f, struct filterrun_result *result)
{
	memset(result, 0, sizeof(*result));
	return filterrun_frame(r, f->bytes, f->count, result);
}

/* Remove the entry that this frame would find. */
static void forget(struct filterrun *r, const struct frame_spec *spec, const struct frame *f)
{
	uint32_t name = f->udp + FRAME_UDP_BYTES + spec->prefix.count;
	uint64_t udp_bytes = (uint64_t)frame_field_get(f, FRAME_UDP_LEN);
	uint64_t name_bytes = udp_bytes - FRAME_UDP_BYTES - spec->prefix.count;
	struct rollcall_peer_key key;

	if (name_bytes > ROLLCALL_HOSTNAME_MAX)
		return;
	key = filterrun_key(f->bytes + name, name_bytes);
	bpf_map_delete_elem(r->peers_fd, &key);
}

static int run_spec(struct filterrun *r, const struct frame_spec *spec, struct filterrun_result *result)
{
	struct frame f;

	frame_build(spec, &f);
	if (anew)
		forget(r, spec, &f);
	return run(r, &f, result);
}

static int parse_fields(char *words, struct frame_spec *spec)
{
	char *save, *word;

	frame_defaults(spec);
	for (word = strtok_r(words, " \t", &save); word; word = strtok_r(NULL, " \t", &save))
		if (frame_set(spec, word))
			return fail(0, NULL, "no such field or value: '%s'", word);
	return 0;
}

static int do_frame(struct filterrun *r, char *rest)
{
	struct filterrun_result result;
	struct frame_spec spec;
	char fields[4096];
	int err;

	snprintf(fields, sizeof(fields), "%s", rest);
	err = parse_fields(rest, &spec);
	if (err)
		return err;
	err = run_spec(r, &spec, &result);
	if (err && err != -ENODATA)
		return err;
	printf("%d %s%s%s\n", result.verdict, word_of(err, result.outcome), *fields ? " " : "", fields);
	return 0;
}

static int do_raw(struct filterrun *r, char *rest)
{
	struct filterrun_result result;
	struct frame f = {};
	int err;

	if (frame_hex_read(rest, &f))
		return fail(0, NULL, "no bytes in hexadecimal: '%s'", rest);
	err = run(r, &f, &result);
	if (err && err != -ENODATA)
		return err;
	printf("%d %s\n", result.verdict, word_of(err, result.outcome));
	return 0;
}

static int do_show(struct filterrun *r, char *rest)
{
	struct frame_spec spec;
	struct frame f;
	int err = parse_fields(rest, &spec);

	(void)r;
	if (err)
		return err;
	frame_build(&spec, &f);
	for (uint32_t i = 0; i < f.count; i++)
		printf("%02x", f.bytes[i]);
	printf("\n");
	return 0;
}

static void sweep_line(const struct filterrun_result *result, int err, uint64_t first, uint64_t last)
{
	printf("%d %s %llu", result->verdict, word_of(err, result->outcome), (unsigned long long)first);
	if (last > first)
		printf("..%llu", (unsigned long long)last);
	printf("\n");
}

static int do_sweep(struct filterrun *r, char *rest)
{
	struct filterrun_result result, previous = {};
	size_t length = strcspn(rest, " \t");
	int field = frame_field_find(rest, length), err, previous_err = 0;
	uint64_t value, first = 0, max;
	struct frame_spec spec;

	if (field < 0)
		return fail(0, NULL, "no such field: '%s'", rest);
	err = parse_fields(rest + length, &spec);
	if (err)
		return err;
	max = frame_field_max(&spec, field);
	for (value = 0; value <= max; value++) {
		frame_set_number(&spec, field, value);
		err = run_spec(r, &spec, &result);
		if (err && err != -ENODATA)
			return err;
		if (value && (err != previous_err || memcmp(&result, &previous, sizeof(result)))) {
			sweep_line(&previous, previous_err, first, value - 1);
			first = value;
		}
		previous = result;
		previous_err = err;
	}
	sweep_line(&previous, previous_err, first, max);
	return 0;
}

static int do_own_name(struct filterrun *r, char *rest)
{
	struct rollcall_peer_key key = filterrun_key(rest, strlen(rest));
	struct rollcall_own_name fresh = {};

	if (bpf_map_update_elem(r->own_names_fd, key.hostname, &fresh, BPF_ANY))
		return fail(-errno, NULL, "cannot enter the own name '%s'", rest);
	return 0;
}

static int do_age(struct filterrun *r, char *rest)
{
	char *seconds = strchr(rest, ' ');
	struct rollcall_peer_key key = filterrun_key(rest, seconds ? (size_t)(seconds - rest) : 0);
	struct rollcall_peer peer;
	uint64_t back;

	if (!seconds || bpf_map_lookup_elem(r->peers_fd, &key, &peer))
		return fail(-errno, NULL, "cannot age '%s'", rest);
	back = peer.last_seen_ns - (rollcall_now_ns() - NS_PER_S * strtoull(seconds, NULL, 10));
	peer.first_seen_ns -= back;
	peer.last_seen_ns -= back;
	if (bpf_map_update_elem(r->peers_fd, &key, &peer, BPF_EXIST))
		return fail(-errno, NULL, "cannot age '%s'", rest);
	return 0;
}

static int tens(uint64_t ns)
{
	return (int)((int64_t)ns / (int64_t)(10 * NS_PER_S)) * 10;
}

static int do_peer(struct filterrun *r, char *rest)
{
	static const struct rollcall_peer nothing;
	struct rollcall_peer_key key = filterrun_key(rest, strlen(rest));
	struct rollcall_peer peer;
	char address[INET_ADDRSTRLEN];

	if (bpf_map_lookup_elem(r->peers_fd, &key, &peer)) {
		printf("peer %s absent\n", rest);
		return 0;
	}
	if (memcmp(peer.ipv6, nothing.ipv6, sizeof(peer.ipv6)) ||
	    memcmp(peer.reserved2, nothing.reserved2, sizeof(peer.reserved2)) || peer.reserved)
		return fail(0, NULL, "the entry of '%s' is not zero where it should be", rest);
	printf("peer %.67s %s %02x:%02x:%02x:%02x:%02x:%02x family %u ifindex %u announcements %llu lived %d ago %d\n",
	       key.hostname, inet_ntop(AF_INET, peer.ipv4, address, sizeof(address)), peer.lladdr[0],
	       peer.lladdr[1], peer.lladdr[2], peer.lladdr[3], peer.lladdr[4], peer.lladdr[5], key.family,
	       key.ifindex, (unsigned long long)peer.announcements, tens(peer.last_seen_ns - peer.first_seen_ns),
	       tens(rollcall_now_ns() - peer.last_seen_ns));
	return 0;
}

static int do_total(struct filterrun *r, char *rest)
{
	struct rollcall_counts counts = {};
	uint64_t total = 0;

	(void)rest;
	for (__u32 slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		int err = filterrun_counts(r, slot, &counts);

		if (err)
			return err;
		for (int i = 0; i < ROLLCALL_OUTCOME_COUNT; i++)
			total += counts.outcomes[i];
	}
	printf("total %llu\n", (unsigned long long)total);
	return 0;
}

static int do_line(struct filterrun *r, char *line)
{
	static const struct {
		const char *name;
		int (*run)(struct filterrun *r, char *rest);
	} steps[] = {
		{ "frame", do_frame }, { "raw", do_raw }, { "sweep", do_sweep }, { "show", do_show },
		{ "own_name", do_own_name }, { "age", do_age }, { "peer", do_peer }, { "total", do_total },
	};
	size_t length = strcspn(line, " \t");

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (strlen(steps[i].name) == length && !memcmp(steps[i].name, line, length))
			return steps[i].run(r, line + length + strspn(line + length, " \t"));
	return fail(0, NULL, "no such step: '%s'", line);
}

static int parse_options(struct filterrun *r, int argc, char **argv)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' },   { "group", required_argument, NULL, 'g' },
		{ "prefix", required_argument, NULL, 'x' }, { "slot", required_argument, NULL, 's' },
		{ "consume", no_argument, NULL, 'c' },	    { "anew", no_argument, NULL, 'a' },
		{ "sealed", no_argument, NULL, 'k' },	    {}
	};
	struct rollcall_settings *config = filterrun_rodata(r, "config", sizeof(*config));
	__u32 *slot = filterrun_rodata(r, "slot", sizeof(*slot)), number;
	bool *consume = filterrun_rodata(r, "consume", sizeof(*consume));
	int option, err = 0;

	if (!config || !slot || !consume)
		return -ENOENT;
	while (!err && (option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		switch (option) {
		case 'p':
			err = parse_number(optarg, 1, 65535, &number);
			config->port = (uint16_t)number;
			break;
		case 'g':
			err = parse_group4(optarg, config->group4);
			break;
		case 'x':
			err = strlen(optarg) - 1 < ROLLCALL_PREFIX_MAX ? 0 : -ERANGE;
			config->prefix_bytes = (uint8_t)strlen(optarg);
			if (!err)
				memcpy(config->prefix, optarg, config->prefix_bytes);
			break;
		case 's':
			err = parse_number(optarg, 0, ROLLCALL_SLOTS - 1, slot);
			break;
		case 'c':
			*consume = true;
			break;
		case 'a':
			anew = true;
			break;
		case 'k':
			sealed = true;
			config->sealing = ROLLCALL_SEALED;
			break;
		default:
			return -EINVAL;
		}
		if (err)
			fail(err, NULL, "cannot use '%s'", optarg);
	}
	r->slot = *slot;
	return err;
}

static int add_key(const struct filterrun *r)
{
	int fd = bpf_object__find_map_fd_by_name(r->object, "keys");
	uint32_t id = SEALED_KEY_ID;

	return fd < 0 || bpf_map_update_elem(fd, &id, sealed_key, BPF_ANY) ? fail(-errno, NULL, "cannot write the key") : 0;
}

static int run_steps(struct filterrun *r)
{
	char line[4096];
	int err = 0;

	while (!err && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		err = do_line(r, line);
	}
	return err;
}

int main(int argc, char **argv)
{
	struct filterrun r;
	int err;

	if (argc < 2) {
		fprintf(stderr, "usage: testrun xdp|tc [--port N] [--group A] [--prefix S] [--slot N] [--consume] [--anew] [--sealed]\n");
		return 2;
	}
	err = filterrun_open(&r);
	if (!err)
		err = parse_options(&r, argc - 1, argv + 1);
	if (!err)
		err = filterrun_load(&r, argv[1]);
	if (!err && sealed)
		err = add_key(&r);
	if (!err)
		err = run_steps(&r);
	filterrun_close(&r);
	return err ? 1 : 0;
}
