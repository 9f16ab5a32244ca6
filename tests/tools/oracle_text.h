/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A frame as a line of text: its specification (frame_spec.h), or its bytes and how they are sent. */
#ifndef ROLLCALL_TESTS_ORACLE_TEXT_H
#define ROLLCALL_TESTS_ORACLE_TEXT_H

#include <stdio.h>

#include "frame.h"
#include "base/message.h"
#include "base/parse.h"

static inline void text_print_frame(FILE *to, const struct frame *f)
{
	if (f->linear)
		fprintf(to, "linear %u ", f->linear);
	if (f->offloaded)
		fprintf(to, "offloaded %u ", f->udp);
	fprintf(to, "raw ");
	for (uint32_t i = 0; i < f->count; i++)
		fprintf(to, "%02x", f->bytes[i]);
	fprintf(to, "\n");
}

/* Parse "[linear N] [offloaded N] raw HEX". The N of `offloaded` is the offset of the UDP header. */
static inline int text_parse_raw(char *word, char **save, struct frame *f)
{
	*f = (struct frame){};
	for (; word && strcmp(word, "raw"); word = strtok_r(NULL, " \t", save)) {
		uint32_t *number = !strcmp(word, "linear") ? &f->linear : &f->udp;

		word = strtok_r(NULL, " \t", save);
		if (!word || parse_number(word, 1, FRAME_BYTES_MAX, number))
			return fail(0, NULL, "not a number of bytes");
	}
	f->offloaded = f->udp;
	word = strtok_r(NULL, " \t", save);
	return frame_hex_read(word ? word : "", f) ? fail(0, NULL, "no bytes in hexadecimal: '%s'", word) : 0;
}

static inline int text_parse_frame(char *text, struct frame *f)
{
	struct frame_spec spec;
	char *save, *word = strtok_r(text, " \t", &save);

	if (word && !strchr(word, '='))
		return text_parse_raw(word, &save, f);
	frame_defaults(&spec);
	for (; word; word = strtok_r(NULL, " \t", &save))
		if (frame_set(&spec, word))
			return fail(0, NULL, "no such field or value: '%s'", word);
	frame_build(&spec, f);
	return 0;
}

#endif
