// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Draws the parts of the line one after another, while there is room. */
#include <string.h>

#include "summary.h"

#define GAP    2
#define NARROW 72 /* columns; on a narrower terminal texts are short, so that there is room for the interfaces */

struct summary_line {
	const struct screen *screen;
	int row, column;
};

/*
 * Put a part if it fits and leaves KEEP columns free. The first part is always put, and cut. Returns whether it was
 * put.
 */
static bool summary_put(struct summary_line *line, enum screen_style style, int keep, const char *text)
{
	int gap = line->column ? GAP : 0, columns = (int)strlen(text);

	if (line->column && line->column + gap + columns + keep > line->screen->columns)
		return false;
	line->column += gap;
	line->column += screen_put(line->screen, line->row, line->column, columns, style, text);
	return true;
}

static enum screen_style summary_style(enum health_state state)
{
	return state == HEALTH_RECEIVING ? SCREEN_GREEN : state == HEALTH_BLOCKED ? SCREEN_RED : SCREEN_YELLOW;
}

static void summary_put_ifstates(struct summary_line *line, const struct ifstates *states)
{
	char text[64];

	for (int i = 0; i < states->count; i++) {
		const struct ifstate *state = &states->list[i];
		bool is_last = i == states->count - 1;

		snprintf(text, sizeof(text), "%s %s", state->name, health_state_name(state->state));
		if (summary_put(line, summary_style(state->state), is_last ? 0 : (int)sizeof("  +64 more"), text))
			continue;
		snprintf(text, sizeof(text), "+%d more", states->count - i);
		summary_put(line, SCREEN_PLAIN, 0, text);
		return;
	}
}

void summary_draw(const struct screen *s, int row, const struct tally *tally, const struct ifstates *states, bool is_open)
{
	struct summary_line line = { s, row, 0 };
	bool is_narrow = s->columns < NARROW;
	char text[96];

	snprintf(text, sizeof(text), "%zu %s", tally->hosts, tally->hosts == 1 ? "host" : "hosts");
	summary_put(&line, SCREEN_BOLD, 0, text);
	snprintf(text, sizeof(text), "%zu %s", tally->conflicts, tally->conflicts == 1 ? "conflict" : "conflicts");
	if ((tally->conflicts || !is_narrow) && !summary_put(&line, tally->conflicts ? SCREEN_RED : SCREEN_PLAIN, 0, text))
		return;
	if (is_narrow)
		snprintf(text, sizeof(text), "+%zu -%zu", tally->joined, tally->left);
	else
		snprintf(text, sizeof(text), "last minute: %zu joined, %zu left", tally->joined, tally->left);
	if (!summary_put(&line, SCREEN_PLAIN, 0, text))
		return;
	if (is_open)
		summary_put_ifstates(&line, states);
	else
		summary_put(&line, SCREEN_RED, 0, "not attached");
}
