// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From an entry to what is shown of it. */
#include "cells.h"

static void end_cell(struct cells *cells, enum cell cell, char *end)
{
	*end = '\0';
	cells->bytes[cell] = (int)(end - cells->text[cell]);
}

/* Rounded up: what is not gone yet has not 0s. */
static uint64_t expires_in(const struct scene *scene, uint64_t age)
{
	return scene->settings->expiry_ns - age + NS_PER_S - 1;
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
	end_cell(cells, CELL_EXPIRES, put_span(text[CELL_EXPIRES], expires_in(scene, age)));
	end_cell(cells, CELL_UP, put_span(text[CELL_UP], entry_up_ns(scene, e)));
	end_cell(cells, CELL_HEARD, put_decimal(text[CELL_HEARD], e->peer.announcements));
}

static void widen(int *width, int columns)
{
	if (columns > *width)
		*width = columns;
}

static int address_columns(const struct rollcall_entry *e, const char *dev)
{
	char address[ROLLCALL_ADDRESS_TEXT];
	int columns = 3;

	if (e->key.family != ROLLCALL_FAMILY_IPV4)
		return (int)(rollcall_put_address(address, e, dev) - address);
	for (int i = 0; i < 4; i++)
		columns += 1 + (e->peer.ipv4[i] >= 10) + (e->peer.ipv4[i] >= 100);
	return columns;
}

/* As cells_fill() would have it, but nearly all is measured without being written. */
static void measure(int widths[CELL_COUNT], const struct scene *scene, const struct rollcall_entry *e, const char *dev)
{
	uint64_t age = entry_age_ns(scene, e);

	widen(&widths[CELL_HOSTNAME], (int)strlen(e->key.hostname));
	widen(&widths[CELL_ADDRESS], address_columns(e, dev));
	widen(&widths[CELL_AGE], span_bytes(age));
	widen(&widths[CELL_EXPIRES], span_bytes(expires_in(scene, age)));
	widen(&widths[CELL_UP], span_bytes(entry_up_ns(scene, e)));
}

void cells_measure(int widths[CELL_COUNT], const struct scene *scene, const struct snapshot *s)
{
	char dev[ROLLCALL_IFNAME_TEXT], heard[PUT_DECIMAL_BYTES];
	uint32_t ifindex = 0;
	uint64_t most = 0;

	for (size_t i = 0; i < s->list.count; i++) {
		const struct rollcall_entry *e = &s->list.entries[i];

		if (!i || e->key.ifindex != ifindex) {
			ifindex = e->key.ifindex;
			widen(&widths[CELL_DEV], (int)strlen(rollcall_ifname_text(scene->slots, ifindex, dev)));
		}
		measure(widths, scene, e, dev);
		if (e->peer.announcements > most)
			most = e->peer.announcements;
	}
	widen(&widths[CELL_HEARD], (int)(put_decimal(heard, most) - heard));
}
