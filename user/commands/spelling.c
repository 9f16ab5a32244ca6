// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Distances are computed by recursion: words are short, and the bound limits the depth. */
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "spelling.h"

#define SPELLING_FAR 3

bool spelling_abbreviates(const char *typed, const char *word)
{
	return *typed && !strncmp(typed, word, strlen(typed));
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* How many letters were inserted, left out, replaced, or swapped with the next one; BOUND if there are more. */
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

void spelling_begin(struct spelling *s, const char *typed, const char *kind, const char *mark)
{
	*s = (struct spelling){ .typed = typed, .kind = kind, .mark = mark, .least = SPELLING_FAR };
}

static void spelling_add(struct spelling *s, const char *word)
{
	size_t used = strlen(s->candidates);

	snprintf(s->candidates + used, sizeof(s->candidates) - used, "%s%s%s", used ? ", " : "", s->mark, word);
	s->abbreviated++;
}

/* A short word is near to many: at most half of its letters are errors. */
void spelling_compare(struct spelling *s, const char *word)
{
	int errors = distance(s->typed, word, SPELLING_FAR);

	if (spelling_abbreviates(s->typed, word))
		spelling_add(s, word);
	if (errors >= s->least || 2 * (size_t)errors > strlen(s->typed))
		return;
	s->least = errors;
	s->nearest = word;
}

int spelling_report(const struct spelling *s, const char *name, const char *text)
{
	if (s->abbreviated > 1)
		return usage_error(name, "%s '%s' is ambiguous: %s", s->kind, text, s->candidates);
	if (s->nearest)
		return usage_error(name, "unknown %s '%s': did you mean '%s%s'?", s->kind, text, s->mark, s->nearest);
	return usage_error(name, "unknown %s '%s'", s->kind, text);
}
