// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * hostnames xdp|tc: every byte at every place of names of several lengths, into the filter.
 *
 * The filter looks at eight bytes at a time; here is the rule a byte at a time. The lengths
 * are those around its words. Whatever else is asked of a frame is right, so that a name is
 * refused for itself; an accepted one must be in the table with A-Z folded to a-z and nothing else changed.
 */
#include <stdlib.h>

#include "filterrun.h"
#include "frame.h"
#include "base/parse.h"

static const uint32_t lengths[] = { 1, 2, 7, 8, 9, 15, 16, 17, 63, 64 };
static const char neighbours[] = "aZ9.-_"; /* what stands in the other places */

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

/* What a user may give as a name must be what the filter takes. */
static bool options_agree(const struct frame_text *name, enum rollcall_outcome wanted)
{
	char text[FRAME_TEXT_MAX + 1] = "";

	if (memchr(name->bytes, 0, name->count))
		return true; /* cannot be typed */
	memcpy(text, name->bytes, name->count);
	return hostname_is_valid(text) == (wanted == ROLLCALL_JOINED);
}

static int check(struct filterrun *r, const struct frame_spec *spec)
{
	enum rollcall_outcome wanted = rule(spec->name.bytes, spec->name.count);
	struct rollcall_peer_key key = filterrun_key(spec->name.bytes, spec->name.count);
	struct filterrun_result result = {};
	struct frame f;
	bool in_table, agree;
	int err;

	frame_build(spec, &f);
	err = filterrun_frame(r, f.bytes, f.count, &result);
	if (err)
		return err;
	in_table = !bpf_map_delete_elem(r->peers_fd, &key);
	agree = options_agree(&spec->name, wanted);
	if (result.outcome == wanted && in_table == (wanted == ROLLCALL_JOINED) && agree)
		return 0;
	for (uint32_t i = 0; i < spec->name.count; i++)
		fprintf(stderr, "%%%02x", spec->name.bytes[i]);
	fprintf(stderr, "\n");
	return fail(0, NULL, "that should be '%s', and is '%s', %sin the table, %s for --hostname", outcome_name(wanted),
		    result.outcome ? outcome_name(result.outcome) : "not_ours", in_table ? "" : "not ",
		    agree ? "the same" : "not the same");
}

/* Every byte at PLACE. Returns how many names that were, or a negative errno. */
static int check_place(struct filterrun *r, struct frame_spec *spec, uint32_t place)
{
	uint8_t before = spec->name.bytes[place];

	for (int byte = 0; byte < 256; byte++) {
		int err;

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
