// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * hostnames xdp|tc: run the filter over names of several lengths, with every byte at every position.
 *
 * The filter checks eight bytes at a time; this program checks byte by byte. The lengths are those around multiples of
 * its words. All other fields of the frame are valid, so that a frame is rejected only because of its name. An accepted
 * name must be in the table, with A-Z folded to a-z and no other change. A name that is in the table is not checked
 * again, so names with a wrong byte must also be rejected while the names that they resemble are there.
 */
#include <stdlib.h>

#include "filterrun.h"
#include "frame.h"
#include "base/parse.h"

static const uint32_t lengths[] = { 1, 2, 7, 8, 9, 15, 16, 17, 63, 64 };
static const char neighbours[] = "aZ9.-_"; /* the bytes at the other positions */

static bool is_alphanumeric(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static enum rollcall_outcome rule(const uint8_t *name, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++)
		if (!is_alphanumeric(name[i]) && name[i] != '.' && name[i] != '_' && name[i] != '-')
			return ROLLCALL_NAME_BAD_CHAR;
	return is_alphanumeric(name[0]) ? ROLLCALL_JOINED : ROLLCALL_NAME_BAD_START;
}

/* The options must accept the same names as the filter. */
static bool options_agree(const struct frame_text *name, enum rollcall_outcome wanted)
{
	char text[FRAME_TEXT_MAX + 1] = "";

	if (memchr(name->bytes, 0, name->count))
		return true; /* a name with a NUL cannot be an argument */
	memcpy(text, name->bytes, name->count);
	return hostname_is_valid(text) == (wanted == ROLLCALL_JOINED);
}

static int run(struct filterrun *r, const struct frame_spec *spec, enum rollcall_outcome *outcome)
{
	struct filterrun_result result = {};
	struct frame f;
	int err;

	frame_build(spec, &f);
	err = filterrun_frame(r, f.bytes, f.count, &result);
	*outcome = result.outcome;
	return err;
}

static int check(struct filterrun *r, const struct frame_spec *spec)
{
	enum rollcall_outcome wanted = rule(spec->name.bytes, spec->name.count);
	struct rollcall_peer_key key = filterrun_key(spec->name.bytes, spec->name.count);
	enum rollcall_outcome outcome;
	bool in_table, agree;
	int err;

	err = run(r, spec, &outcome);
	if (err)
		return err;
	in_table = !bpf_map_delete_elem(r->peers_fd, &key);
	agree = options_agree(&spec->name, wanted);
	if (outcome == wanted && in_table == (wanted == ROLLCALL_JOINED) && agree)
		return 0;
	for (uint32_t i = 0; i < spec->name.count; i++)
		fprintf(stderr, "%%%02x", spec->name.bytes[i]);
	fprintf(stderr, "\n");
	return fail(0, NULL, "that should be '%s', and is '%s', %sin the table, %s for --hostname", outcome_name(wanted),
		    outcome ? outcome_name(outcome) : "not_ours", in_table ? "" : "not ",
		    agree ? "the same" : "not the same");
}

/* Check every wrong byte at PLACE while the name, and every beginning of it, is in the table. */
static int check_among_known(struct filterrun *r, struct frame_spec *spec, uint32_t place)
{
	uint32_t bytes = spec->name.count;
	uint8_t before = spec->name.bytes[place];
	enum rollcall_outcome outcome;
	int err = 0;

	for (spec->name.count = 1; !err && spec->name.count <= bytes; spec->name.count++) {
		err = run(r, spec, &outcome);
		if (!err && outcome != ROLLCALL_JOINED)
			err = fail(-EINVAL, NULL, "the first %u bytes are '%s', not joined", spec->name.count, outcome_name(outcome));
	}
	spec->name.count = bytes;
	for (int byte = 0; byte < 256 && !err; byte++) {
		spec->name.bytes[place] = (uint8_t)byte;
		if (rule(spec->name.bytes, bytes) != ROLLCALL_NAME_BAD_CHAR)
			continue;
		err = run(r, spec, &outcome);
		if (!err && outcome != ROLLCALL_NAME_BAD_CHAR)
			err = fail(-EINVAL, NULL, "with byte %02x at %u of %u it is '%s'", (unsigned)byte, place, bytes,
				   outcome_name(outcome));
	}
	spec->name.bytes[place] = before;
	for (uint32_t count = 1; count <= bytes; count++) {
		struct rollcall_peer_key key = filterrun_key(spec->name.bytes, count);

		bpf_map_delete_elem(r->peers_fd, &key);
	}
	return err;
}

/* Check every byte at PLACE. Returns the number of names, or -errno. */
static int check_place(struct filterrun *r, struct frame_spec *spec, uint32_t place)
{
	uint8_t before = spec->name.bytes[place];
	int err = check_among_known(r, spec, place);

	if (err)
		return err;
	for (int byte = 0; byte < 256; byte++) {
		spec->name.bytes[place] = (uint8_t)byte;
		err = check(r, spec);
		if (err)
			return err;
	}
	spec->name.bytes[place] = before;
	return 256;
}

static int check_all(struct filterrun *r)
{
	struct frame_spec spec;
	int names = 0;

	frame_defaults(&spec);
	for (size_t n = 0; n < sizeof(neighbours) - 1; n++) {
		for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
			memset(spec.name.bytes, neighbours[n], lengths[i]);
			if (!is_alphanumeric(spec.name.bytes[0]))
				spec.name.bytes[0] = 'a';
			spec.name.count = lengths[i];
			for (uint32_t place = 0; place < lengths[i]; place++) {
				int done = check_place(r, &spec, place);

				if (done < 0)
					return done;
				names += done;
			}
		}
	}
	printf("%d names\n", names);
	return 0;
}

int main(int argc, char **argv)
{
	struct filterrun r;
	int err;

	if (argc != 2) {
		fprintf(stderr, "usage: hostnames xdp|tc\n");
		return 2;
	}
	err = filterrun_open(&r);
	if (!err)
		err = filterrun_load(&r, argv[1]);
	if (!err)
		err = check_all(&r);
	filterrun_close(&r);
	return err ? 1 : 0;
}
