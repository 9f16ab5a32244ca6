/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A position in a packet. cursor_take() checks the bounds, then advances.
 *
 * The XDP and the tc entry functions initialize it. All other code is shared and does not use the
 * context. It also compiles natively, over any buffer.
 */
#ifndef ROLLCALL_CURSOR_BPF_H
#define ROLLCALL_CURSOR_BPF_H

struct cursor {
	const void *pos;
	const void *end;
};

/* Returns the next BYTES bytes and advances. Returns NULL and does not advance if the frame ends before. */
static __always_inline const void *cursor_take(struct cursor *c, unsigned int bytes)
{
	const void *here = c->pos;

	if (here + bytes > c->end)
		return NULL;
	c->pos = here + bytes;
	return here;
}

#endif
