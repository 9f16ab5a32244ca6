/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The live view of a terminal: a picture of the table, redrawn in place once a second. */
#ifndef ROLLCALL_VIEW_H
#define ROLLCALL_VIEW_H

#include "outlet.h"
#include "terminal.h"
#include "write.h"

struct view {
	int timer; /* readable when a new picture is due, in boot time: */
	uint64_t due_ns;
	int lines; /* that the last picture took */
	unsigned int messages; /* on the same terminal when it was drawn */
	struct winsize size;   /* of the terminal then */
};

#define VIEW_NONE { .timer = -1 }

/* Returns 0 or -errno, reported. */
int view_open(struct view *v);
/* The next picture is due at BOOT_NS; 0: now. */
void view_set(struct view *v, uint64_t boot_ns);
/* Print a picture of T to OUT. MESSAGES: lines that went to standard error so far. */
void view_draw(struct view *v, const struct rollcall_table *t, FILE *out, unsigned int messages);
/* The last picture stays. OUT may be NULL. */
void view_close(struct view *v, FILE *out);

#endif
