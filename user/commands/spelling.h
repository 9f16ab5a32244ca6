/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Compares a typed word with the words of a list: abbreviations, and typing errors. */
#ifndef ROLLCALL_SPELLING_H
#define ROLLCALL_SPELLING_H

#include <stdbool.h>

/* Does WORD begin with TYPED? */
bool spelling_abbreviates(const char *typed, const char *word);

/* A word that was typed, and what the list has for it. */
struct spelling {
	const char *typed;
	const char *kind, *mark; /* for the message: "option" and "--" */
	int abbreviated;	 /* how many words begin with it */
	char candidates[256];	 /* these, as "--exec, --exec-timeout" */
	const char *nearest;	 /* with the fewest typing errors; NULL: no word is near */
	int least;		 /* its number of typing errors */
};

void spelling_begin(struct spelling *s, const char *typed, const char *kind, const char *mark);

/* Compare with the next word of the list. */
void spelling_compare(struct spelling *s, const char *word);

/*
 * Report that the word, with TEXT as the user wrote it, is ambiguous or unknown, and suggest the nearest one. NAME is as for
 * option_parse(). Returns USAGE_ERROR.
 */
int spelling_report(const struct spelling *s, const char *name, const char *text);

#endif
