// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From an entry to what is shown of it. */
#include <string.h>

#include "cells.h"

void cells_fill(struct cells *cells, const struct scene *scene, const struct rollcall_entry *e)
{
	uint64_t age = entry_age_ns(scene, e);
	char *dev = cells->text[CELL_DEV];

	rollcall_name_text(e, cells->text[CELL_HOSTNAME]);
	rollcall_ifname_text(scene->slots, e->key.ifindex, dev);
	rollcall_address_text(e, dev, cells->text[CELL_ADDRESS]);
	clock_span(age, cells->text[CELL_AGE]);
	/* rounded up: what is not gone yet has not 0s */
	clock_span(scene->settings->expiry_ns - age + NS_PER_S - 1, cells->text[CELL_EXPIRES]);
	clock_span(entry_up_ns(scene, e), cells->text[CELL_UP]);
	snprintf(cells->text[CELL_HEARD], sizeof(cells->text[CELL_HEARD]), "%llu",
		 (unsigned long long)e->peer.announcements);
}

void cells_measure(int widths[CELL_COUNT], const struct scene *scene, const struct snapshot *s)
{
	struct cells cells = {};

	for (size_t i = 0; i < s->list.count; i++) {
		cells_fill(&cells, scene, &s->list.entries[i]);
		for (int c = 0; c < CELL_COUNT; c++) {
			int columns = (int)strlen(cells.text[c]);

			if (columns > widths[c])
				widths[c] = columns;
		}
	}
}
