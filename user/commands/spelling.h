/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finds the word of a list for a typed word: the same word, an abbreviation, or a word with typing errors. */
#ifndef ROLLCALL_SPELLING_H
#define ROLLCALL_SPELLING_H

#include <stdbool.h>

/* Does WORD begin with TYPED? */
bool spelling_abbreviates(const char *typed, const char *word);

/* How many letters were inserted, left out, replaced, or swapped with the next one; at most SPELLING_FAR. */
#define SPELLING_FAR 3
int spelling_distance(const char *typed, const char *word);

#endif
