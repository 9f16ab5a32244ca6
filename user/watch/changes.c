// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A change is complete except for the previous address, which an event has as an entry. That is made when it is told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "changes.h"
#include "lib/slots.h"

struct change {
	struct event event;
	uint8_t previous[16]; /* the previous address, in the form of `rival` (table.h); if HAS_PREVIOUS */
	bool has_previous;
	const struct rollcall_attachment *slots; /* they contain its interface */
	size_t order;
};

static int compare_changes(const void *left, const void *right)
{
	const struct change *a = left, *b = right;

	if (a->event.boot_ns != b->event.boot_ns)
		return (int64_t)(a->event.boot_ns - b->event.boot_ns) < 0 ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

uint8_t *changes_address(struct rollcall_entry *entry, size_t *bytes)
{
	bool is_ipv4 = entry->key.family == ROLLCALL_FAMILY_IPV4;

	*bytes = is_ipv4 ? sizeof(entry->peer.ipv4) : sizeof(entry->peer.ipv6);
	return is_ipv4 ? entry->peer.ipv4 : entry->peer.ipv6;
}

int changes_begin(struct changes *c, size_t most, const struct roster_input *input)
{
	*c = (struct changes){ .input = input, .list = calloc(most ? most : 1, sizeof(*c->list)) };
	return c->list ? 0 : -ENOMEM;
}

void changes_add(struct changes *c, const char *event, const char *reason, uint64_t boot_ns,
		 const struct rollcall_entry *entry)
{
	bool is_attached = slot_find(c->input->slots, entry->key.ifindex) >= 0;

	c->list[c->count] = (struct change){
		.event = { event, reason, boot_ns, entry, NULL },
		.slots = is_attached ? c->input->slots : c->input->names,
		.order = c->count,
	};
	c->count++;
}

void changes_add_address(struct changes *c, const char *event, uint64_t boot_ns, const struct rollcall_entry *entry,
			 const uint8_t *previous, size_t bytes)
{
	struct change *change = &c->list[c->count];

	changes_add(c, event, "address", boot_ns, entry);
	memcpy(change->previous, previous, bytes);
	change->has_previous = true;
}

void changes_add_rival(struct changes *c, const char *event, const struct rollcall_entry *entry)
{
	changes_add_address(c, event, entry->peer.moved_ns, entry, entry->peer.rival, sizeof(entry->peer.rival));
}

static void tell(const struct roster_input *input, struct table_info *info, const struct change *change)
{
	struct event event = change->event;
	struct rollcall_entry previous = {};

	if (change->has_previous) {
		uint8_t *address;
		size_t bytes;

		previous.key = event.entry->key;
		address = changes_address(&previous, &bytes);
		memcpy(address, change->previous, bytes);
		event.previous = &previous;
	}
	info->slots = change->slots;
	input->tell(info, &event, input->context);
}

void changes_tell(struct changes *c)
{
	struct table_info info = { .settings = &c->input->table->settings, .now = clock_now() };

	if (c->count > 1)
		qsort(c->list, c->count, sizeof(*c->list), compare_changes);
	for (size_t i = 0; i < c->count; i++)
		tell(c->input, &info, &c->list[i]);
}

void changes_free(struct changes *c)
{
	free(c->list);
}
