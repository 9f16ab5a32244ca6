/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A scrollable text. */
#ifndef ROLLCALL_PAGER_H
#define ROLLCALL_PAGER_H

#include <stddef.h>

#include "screen.h"

struct pager {
	size_t first;  /* visible line */
	size_t height; /* lines that fit, as last drawn; at least 1 */
};

/* Scroll by BY lines. */
void pager_move(struct pager *p, long by);

/* Draw TEXT in HEIGHT lines from line TOP on. The first line of the text is its title. */
void pager_draw(struct pager *p, const struct screen *s, int top, int height, const char *text);

#endif
