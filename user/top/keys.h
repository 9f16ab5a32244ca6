/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What keys do. */
#ifndef ROLLCALL_KEYS_H
#define ROLLCALL_KEYS_H

#include "top.h"

/* KEY: see screen_key(). */
void keys_take(struct top *t, int key);

/* The list of keys, a line for each, below a title. */
void keys_write(FILE *out, const struct top *t);

/* The last line of the screen. Keys that do not fit are left out. */
void keys_draw(const struct top *t, int row);

#endif
