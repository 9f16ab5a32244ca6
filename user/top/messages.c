// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A ring of lines. */
#include <stdlib.h>
#include <string.h>

#include "messages.h"

void messages_add(struct messages *m, const char *line, size_t bytes)
{
	char **place = &m->lines[m->count++ % MESSAGES_KEPT];

	free(*place);
	*place = strndup(line, bytes);
}

const char *messages_last(const struct messages *m)
{
	return m->count ? m->lines[(m->count - 1) % MESSAGES_KEPT] : NULL;
}

void messages_print(struct messages *m, FILE *out)
{
	unsigned long first = m->count > MESSAGES_KEPT ? m->count - MESSAGES_KEPT : 0;

	if (first)
		fprintf(out, "rollcall: %lu earlier messages are not shown\n", first);
	for (unsigned long i = first; i < m->count; i++) {
		char **line = &m->lines[i % MESSAGES_KEPT];

		if (*line)
			fputs(*line, out);
		free(*line);
		*line = NULL;
	}
	m->count = 0;
}
