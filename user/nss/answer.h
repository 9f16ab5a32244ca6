/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A question, and what the table's entries have to say to it, whichever way they are read: through
 * the maps (maps.c) or as text (iterator.c). Nothing here is on the heap.
 */
#ifndef ROLLCALL_NSS_ANSWER_H
#define ROLLCALL_NSS_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/rollcall.h>

#include "policy.h"

struct nss_address {
	int family;	/* AF_INET or AF_INET6 */
	uint32_t scope; /* the interface, of a link-local one; else 0 */
	unsigned char bytes[16];
};

/* A live entry of the table. */
struct nss_entry {
	const char *name;
	struct nss_address address;
	int64_t age_ns;
	uint64_t first_seen_ns; /* CLOCK_BOOTTIME of the join */
	int64_t left_ns;  /* until it expires */
};

/* Which addresses has NAME; or, if NAME is NULL, who has ADDRESS, on any interface? */
struct nss_question {
	const char *name;
	struct nss_address address;
	struct nss_policy policy;
};

/* To a name: its addresses, in the order of rollcall_compare_primary(). To an address: only that. */
struct nss_answer {
	char name[ROLLCALL_NAME_TEXT];
	int64_t left_ns; /* until the first of it expires */
	int count;
	struct {
		struct nss_address address;
		int64_t age_ns;
		uint64_t first_seen_ns;
	} found[ROLLCALL_FIND_MAX];
};

static inline size_t address_bytes(int family)
{
	return family == AF_INET ? 4 : 16;
}

static inline bool address_is_link_local(const struct nss_address *address)
{
	return address->family == AF_INET6 && address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
}

/* The same for who cannot tell scopes apart. */
bool address_equals(const struct nss_address *a, const struct nss_address *b);

/* If ENTRY answers the question, it becomes part of the answer. */
void answer_take(struct nss_question *question, const struct nss_entry *entry, struct nss_answer *answer);

#endif
