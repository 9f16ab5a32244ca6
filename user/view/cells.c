// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From an entry to what is shown of it. */
#include <string.h>

#include "cells.h"

/* Rounded up: what is not gone yet has not 0s. */
static uint64_t expires_in(const struct table_info *info, uint64_t age)
{
	return info->settings->expiry_ns - age + NS_PER_S - 1;
}

void cells_fill(struct cells *cells, const struct table_info *info, const struct rollcall_entry *e)
{
	char (*text)[ROLLCALL_ADDRESS_TEXT] = cells->text, *dev = text[CELL_DEV];
	uint64_t age = entry_age_ns(info, e);

	rollcall_name_text(e, text[CELL_HOSTNAME]);
	rollcall_ifname_text(info->slots, e->key.ifindex, dev);
	rollcall_address_text(e, dev, text[CELL_ADDRESS]);
	clock_span(age, text[CELL_AGE]);
	clock_span(expires_in(info, age), text[CELL_EXPIRES]);
	clock_span(entry_up_ns(info, e), text[CELL_UP]);
	snprintf(text[CELL_HEARD], sizeof(*text), "%llu", (unsigned long long)e->peer.announcements);
}

void cells_measure(int widths[CELL_COUNT], const struct table_info *info, const struct snapshot *s)
{
	struct cells cells = {};

	for (size_t i = 0; i < s->entries.count; i++) {
		cells_fill(&cells, info, &s->entries.list[i]);
		for (int cell = 0; cell < CELL_COUNT; cell++) {
			int bytes = (int)strlen(cells.text[cell]);

			if (bytes > widths[cell])
				widths[cell] = bytes;
		}
	}
}
