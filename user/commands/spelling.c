// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Distances are computed by recursion: words are short, and the bound limits the depth. */
#include <string.h>

#include "spelling.h"

bool spelling_abbreviates(const char *typed, const char *word)
{
	return *typed && !strncmp(typed, word, strlen(typed));
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* The distance, or BOUND if it is larger. */
static int distance(const char *a, const char *b, int bound)
{
	int best = bound;

	while (*a && *a == *b)
		a++, b++;
	if (!*a && !*b)
		return 0;
	if (!bound)
		return bound;
	if (*a)
		best = least(best, 1 + distance(a + 1, b, bound - 1));
	if (*b)
		best = least(best, 1 + distance(a, b + 1, bound - 1));
	if (*a && *b)
		best = least(best, 1 + distance(a + 1, b + 1, bound - 1));
	if (*a && *b && a[0] == b[1] && a[1] == b[0])
		best = least(best, 1 + distance(a + 2, b + 2, bound - 1));
	return best;
}

int spelling_distance(const char *typed, const char *word)
{
	return distance(typed, word, SPELLING_FAR);
}
