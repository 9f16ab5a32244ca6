// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The scroll position is limited when the text is drawn, because its length is known only then. */
#include <string.h>

#include "pager.h"

void pager_move(struct pager *p, long by)
{
	if (by < 0)
		p->first -= (size_t)-by < p->first ? (size_t)-by : p->first;
	else if (p->first < (size_t)1 << 20)
		p->first += (size_t)by;
}

static size_t pager_count(const char *text)
{
	size_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

void pager_draw(struct pager *p, const struct screen *s, int top, int height, const char *text)
{
	size_t count = pager_count(text), line = 0;

	p->height = height > 0 ? (size_t)height : 1;
	if (p->first + p->height > count)
		p->first = count > p->height ? count - p->height : 0;
	for (const char *end; (end = strchr(text, '\n')); text = end + 1, line++) {
		char copy[512];

		if (line < p->first || line >= p->first + p->height)
			continue;
		snprintf(copy, sizeof(copy), "%.*s", (int)(end - text), text);
		screen_put(s, top + (int)(line - p->first), 0, s->columns, line ? SCREEN_PLAIN : SCREEN_BOLD, copy);
	}
}
