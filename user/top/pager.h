/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A text of several lines, of which as many are shown as fit. */
#ifndef ROLLCALL_PAGER_H
#define ROLLCALL_PAGER_H

#include <stddef.h>

#include "screen.h"

struct pager {
	size_t first;  /* line that is shown */
	size_t height; /* as last drawn; at least 1 */
};

/* By lines; it may be further than there are. */
void pager_move(struct pager *p, long by);

/* TEXT from line TOP on, in HEIGHT lines. The first line of the text is its title. */
void pager_draw(struct pager *p, const struct screen *s, int top, int height, const char *text);

#endif
