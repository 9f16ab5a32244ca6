// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Writes the texts of a row. Address and interface are those of the primary address. */
#include <string.h>

#include "cells.h"
#include "self.h"

/* Rounded up, so that a live host never shows 0s. A host that has just expired may still be listed, with 0s. */
static uint64_t expires_in(const struct table_info *info, uint64_t age_ns)
{
	uint64_t expiry_ns = info->settings->expiry_ns;

	return age_ns < expiry_ns ? expiry_ns - age_ns + NS_PER_S - 1 : 0;
}

void cells_fill(struct cells *cells, const struct table_info *info, const struct host *host)
{
	char (*text)[CELL_TEXT] = cells->text, *interface = text[CELL_INTERFACE], *address = text[CELL_ADDRESS];
	const struct rollcall_entry *primary = host->entries;
	uint64_t age_ns = info_since(info, host->last_seen_ns);
	const char *note = host_note(info, host);
	bool is_sealed = entry_is_sealed(info, primary);

	rollcall_name_text(primary, text[CELL_HOSTNAME]);
	rollcall_ifname_text(info->slots, primary->key.ifindex, interface);
	rollcall_address_text(primary, interface, address);
	if (host->count > 1)
		snprintf(address + strlen(address), CELL_TEXT - strlen(address), " +%zu", host->count - 1);
	clock_span(age_ns, text[CELL_AGE]);
	clock_span(expires_in(info, age_ns), text[CELL_EXPIRES]);
	clock_span(info_since(info, host->first_seen_ns), text[CELL_SINCE]);
	snprintf(text[CELL_RECEIVED], CELL_TEXT, "%llu", (unsigned long long)host->announcements);
	if (entry_is_self(primary)) /* never received by this host */
		for (int cell = CELL_AGE; cell <= CELL_RECEIVED; cell++)
			snprintf(text[cell], CELL_TEXT, "-");
	snprintf(text[CELL_NOTE], CELL_TEXT, "%s%s%s", note ? note : "", note && is_sealed ? " " : "", is_sealed ? "sealed" : "");
}

void cells_measure(int widths[CELL_COUNT], const struct table_info *info, const struct hosts *h)
{
	struct cells cells = {};

	for (size_t i = 0; i < h->count; i++) {
		cells_fill(&cells, info, &h->list[i]);
		for (int cell = 0; cell < CELL_COUNT; cell++) {
			int bytes = (int)strlen(cells.text[cell]);

			if (bytes > widths[cell])
				widths[cell] = bytes;
		}
	}
}
