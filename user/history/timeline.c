// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Cells from intervals. A cell that touches an interval is at least partly present. */
#include <string.h>

#include "timeline.h"

/* The beginning of slot number SLOT. */
static int64_t slot_ms(const struct timeline *t, size_t slot)
{
	return t->since_ms + (t->until_ms - t->since_ms) * (int64_t)slot / (int64_t)t->slots;
}

/* The slot that has the time MS, which is clipped to the line. */
static size_t slot_of(const struct timeline *t, int64_t ms)
{
	int64_t slot = (ms - t->since_ms) * (int64_t)t->slots / (t->until_ms - t->since_ms);

	if (slot < 0)
		return 0;
	return slot < (int64_t)t->slots ? (size_t)slot : t->slots - 1;
}

static bool is_outside(const struct timeline *t, int64_t begin_ms, int64_t end_ms)
{
	return end_ms < t->since_ms || begin_ms >= t->until_ms;
}

static void mark_gap(const struct timeline *t, const struct gap *gap, char *cells)
{
	if (!is_outside(t, gap->begin_ms, gap->end_ms))
		for (size_t slot = slot_of(t, gap->begin_ms); slot <= slot_of(t, gap->end_ms); slot++)
			cells[slot] = CELL_UNKNOWN;
}

static void mark_interval(const struct timeline *t, const struct interval *i, char *cells)
{
	if (is_outside(t, i->begin_ms, i->end_ms))
		return;
	for (size_t slot = slot_of(t, i->begin_ms); slot <= slot_of(t, i->end_ms); slot++) {
		bool is_whole = i->begin_ms <= slot_ms(t, slot) && i->end_ms >= slot_ms(t, slot + 1);

		if (is_whole)
			cells[slot] = CELL_PRESENT;
		else if (cells[slot] != CELL_PRESENT)
			cells[slot] = CELL_PARTLY;
	}
}

void timeline_fill(const struct timeline *t, const struct past *past, char *cells)
{
	memset(cells, CELL_ABSENT, t->slots);
	cells[t->slots] = '\0';
	for (size_t i = 0; i < t->gap_count; i++)
		mark_gap(t, &t->gaps[i], cells);
	for (size_t i = 0; i < past->count; i++)
		mark_interval(t, &past->list[i], cells);
}
