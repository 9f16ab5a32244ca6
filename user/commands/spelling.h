/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which word of a list is meant by one that was typed: itself, an abbreviation, or a typing error. */
#ifndef ROLLCALL_SPELLING_H
#define ROLLCALL_SPELLING_H

#include <stdbool.h>

/* Does WORD begin with TYPED? */
bool spelling_abbreviates(const char *typed, const char *word);

/* How many letters were inserted, left out, replaced, or exchanged with the next; at most SPELLING_FAR. */
#define SPELLING_FAR 3
int spelling_distance(const char *typed, const char *word);

#endif
