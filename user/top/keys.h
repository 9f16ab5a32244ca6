/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The keys of the view. */
#ifndef ROLLCALL_KEYS_H
#define ROLLCALL_KEYS_H

#include "top.h"

/* Process a key. KEY is as screen_key() returns it. */
void keys_take(struct top *t, int key);

/* Write the list of keys: a title, and one line per key. */
void keys_write(FILE *out, const struct top *t);

/* Draw the line of keys. Keys that do not fit are left out. */
void keys_draw(const struct top *t, int row);

#endif
