// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From an entry to what is shown of it. */
#include "cells.h"

static void end_cell(struct cells *cells, enum cell cell, char *end)
{
	*end = '\0';
	cells->bytes[cell] = (int)(end - cells->text[cell]);
}

void cells_fill(struct cells *cells, const struct scene *scene, const struct rollcall_entry *e)
{
	char (*text)[ROLLCALL_ADDRESS_TEXT] = cells->text, *dev = text[CELL_DEV];
	uint64_t age = entry_age_ns(scene, e);

	rollcall_ifname_text(scene->slots, e->key.ifindex, dev);
	cells->bytes[CELL_DEV] = (int)strlen(dev);
	end_cell(cells, CELL_HOSTNAME, rollcall_put_name(text[CELL_HOSTNAME], e));
	end_cell(cells, CELL_ADDRESS, rollcall_put_address(text[CELL_ADDRESS], e, dev));
	end_cell(cells, CELL_AGE, put_span(text[CELL_AGE], age));
	/* rounded up: what is not gone yet has not 0s */
	end_cell(cells, CELL_EXPIRES, put_span(text[CELL_EXPIRES], scene->settings->expiry_ns - age + NS_PER_S - 1));
	end_cell(cells, CELL_UP, put_span(text[CELL_UP], entry_up_ns(scene, e)));
	end_cell(cells, CELL_HEARD, put_decimal(text[CELL_HEARD], e->peer.announcements));
}

void cells_measure(int widths[CELL_COUNT], const struct scene *scene, const struct snapshot *s)
{
	struct cells cells;

	for (size_t i = 0; i < s->list.count; i++) {
		cells_fill(&cells, scene, &s->list.entries[i]);
		for (int c = 0; c < CELL_COUNT; c++)
			if (cells.bytes[c] > widths[c])
				widths[c] = cells.bytes[c];
	}
}
