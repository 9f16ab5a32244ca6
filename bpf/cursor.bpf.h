/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A place in a packet: checks bounds, then advances.
 *
 * Filled by the XDP and the tc entry; everything behind them is shared and never sees the
 * context. It also compiles natively, over any buffer.
 */
#ifndef ROLLCALL_CURSOR_BPF_H
#define ROLLCALL_CURSOR_BPF_H

struct cursor {
	const void *pos;
	const void *end;
};

/* The next BYTES bytes, or NULL when the frame ends before; advances only when they are there. */
static __always_inline const void *cursor_take(struct cursor *c, unsigned int bytes)
{
	const void *here = c->pos;

	if (here + bytes > c->end)
		return NULL;
	c->pos = here + bytes;
	return here;
}

#endif
