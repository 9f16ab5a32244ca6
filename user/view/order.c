// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sorting a snapshot. What is compared of an entry is laid out as bytes, its sort key, and sorted
 * eight bytes at a time: a comparison never touches the entries, which lie all over the memory.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "key_sort.h"
#include "base/message.h"
#include "natural.h"
#include "order.h"

static uint8_t *put_raw(uint8_t *at, const void *bytes, size_t count)
{
	memcpy(at, bytes, count);
	return at + count;
}

static uint8_t *put_number(uint8_t *at, uint64_t number)
{
	uint64_t first_byte_first = htobe64(number);

	return put_raw(at, &first_byte_first, sizeof(first_byte_first));
}

typedef uint8_t *(*put_key)(uint8_t *at, const struct rollcall_entry *e, const struct rollcall_attachment *slots);

static uint8_t *put_address(uint8_t *at, const struct rollcall_entry *e,
			    __attribute__((unused)) const struct rollcall_attachment *slots)
{
	*at++ = e->key.family;
	at = put_raw(at, e->peer.ipv4, sizeof(e->peer.ipv4)); /* zero where it is IPv6 */
	return put_raw(at, e->peer.ipv6, sizeof(e->peer.ipv6));
}

static uint8_t *put_dev(uint8_t *at, const struct rollcall_entry *e, const struct rollcall_attachment *slots)
{
	char dev[ROLLCALL_IFNAME_TEXT];

	return put_natural(at, rollcall_ifname_text(slots, e->key.ifindex, dev));
}

static uint8_t *put_age(uint8_t *at, const struct rollcall_entry *e,
			__attribute__((unused)) const struct rollcall_attachment *slots)
{
	return put_number(at, ~e->peer.last_seen_ns);
}

static uint8_t *put_up(uint8_t *at, const struct rollcall_entry *e,
		       __attribute__((unused)) const struct rollcall_attachment *slots)
{
	return put_number(at, e->peer.first_seen_ns);
}

static uint8_t *put_heard(uint8_t *at, const struct rollcall_entry *e,
			  __attribute__((unused)) const struct rollcall_attachment *slots)
{
	return put_number(at, ~e->peer.announcements);
}

static const struct {
	const char *name;
	put_key put; /* NULL: nothing comes before the name */
} orders[] = {
	[ORDER_NAME] = { "name", NULL },
	[ORDER_ADDRESS] = { "address", put_address },
	[ORDER_DEV] = { "dev", put_dev },
	[ORDER_AGE] = { "age", put_age },
	[ORDER_UP] = { "up", put_up },
	[ORDER_HEARD] = { "heard", put_heard },
	[ORDER_NONE] = { "none", NULL },
};

enum order order_named(const char *name)
{
	for (enum order order = ORDER_NAME; name && order <= ORDER_NONE; order++)
		if (!strcmp(name, orders[order].name))
			return order;
	return ORDER_NAME;
}

struct sorting {
	put_key put;
	const struct rollcall_attachment *slots;
	struct rollcall_entry *entries;
	struct key_place *spare;
};

#define CHUNK sizeof(((struct key_place *)0)->key)
/* The widest before the name is an interface's name or an address; behind it, family and ifindex. */
#define KEY_BYTES (2 * ROLLCALL_IFNAME_TEXT + NATURAL_BYTES + 1 + 8)
#define KEY_ROOM  ((KEY_BYTES + CHUNK - 1) / CHUNK * CHUNK)

_Static_assert(NATURAL_TEXT_MAX == ROLLCALL_NAME_TEXT - 1, "a hostname is such a text");
_Static_assert(2 * ROLLCALL_IFNAME_TEXT >= 1 + 4 + 16, "an address is not wider");

/* The CHUNK of ENTRY's sort key that begins at DEPTH. */
static uint64_t key_chunk(const struct sorting *s, const struct rollcall_entry *entry, size_t depth)
{
	uint8_t key[KEY_ROOM] = {}, *at = key;
	uint64_t chunk;

	if (s->put)
		at = s->put(at, entry, s->slots);
	at = put_natural(at, entry->key.hostname);
	*at++ = entry->key.family;
	put_number(at, entry->key.ifindex);
	memcpy(&chunk, key + depth, sizeof(chunk));
	return be64toh(chunk);
}

/* It is read soon, and lies where no reader is expected. */
static void expect(const struct rollcall_entry *entry)
{
	for (size_t line = 0; line < sizeof(*entry); line += 64)
		__builtin_prefetch((const char *)entry + line);
}

#define AHEAD 8 /* entries: enough for memory to answer */

/* LIST is alike in all that comes before DEPTH. */
static void sort_from(const struct sorting *s, struct key_place *list, size_t count, size_t depth)
{
	size_t next;

	if (count < 2 || depth == KEY_ROOM)
		return;
	for (size_t i = 0; i < count; i++) {
		if (i + AHEAD < count)
			expect(&s->entries[list[i + AHEAD].place]);
		list[i].key = key_chunk(s, &s->entries[list[i].place], depth);
	}
	key_sort(list, s->spare, count);
	for (size_t i = 0; i < count; i = next) {
		for (next = i + 1; next < count && list[next].key == list[i].key;)
			next++;
		sort_from(s, list + i, next - i, depth + CHUNK);
	}
}

/* Each entry to where PLACES has it, along the rings in which they take each other's places. */
static void move_entries(struct rollcall_entry *entries, uint32_t *places, size_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct rollcall_entry first = entries[i];
		uint32_t hole = i, from;

		for (; (from = places[hole]) != i; hole = from) {
			expect(&entries[places[from]]);
			entries[hole] = entries[from];
			places[hole] = hole;
		}
		entries[hole] = first;
		places[hole] = hole;
	}
}

/* In the memory of LIST itself. */
static uint32_t *keep_places(struct key_place *list, size_t count)
{
	uint32_t *places = (uint32_t *)list;

	for (size_t i = 0; i < count; i++) {
		uint32_t place = list[i].place;

		memcpy(&places[i], &place, sizeof(place)); /* as bytes: it is of another type yet */
	}
	return places;
}

int order_apply(enum order order, struct snapshot *snapshot, const struct rollcall_attachment slots[ROLLCALL_SLOTS])
{
	size_t count = snapshot->list.count;
	struct sorting s = { orders[order].put, slots, snapshot->list.entries, NULL };
	owned_heap struct key_place *list = NULL;

	if (order == ORDER_NONE || count < 2)
		return 0;
	list = calloc(count, 2 * sizeof(*list));
	if (!list)
		return fail(-ENOMEM, NULL, "cannot sort the table");
	for (size_t i = 0; i < count; i++)
		list[i].place = (uint32_t)i;
	s.spare = list + count;
	sort_from(&s, list, count, 0);
	move_entries(s.entries, keep_places(list, count), count);
	return 0;
}
