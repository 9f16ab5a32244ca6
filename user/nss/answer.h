/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A question, and the answer from the entries of the table. They are read from the maps (maps.c) or as
 * text (iterator.c). Nothing here is on the heap.
 */
#ifndef ROLLCALL_NSS_ANSWER_H
#define ROLLCALL_NSS_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/rollcall.h>

#include "policy.h"

struct nss_address {
	int family;	/* AF_INET or AF_INET6 */
	uint32_t scope; /* the interface of a link-local address; else 0 */
	unsigned char bytes[16];
};

/* A live entry of the table. */
struct nss_entry {
	const char *name;
	struct nss_address address;
	int64_t age_ns;
	uint64_t first_seen_ns; /* CLOCK_BOOTTIME of the join */
	int64_t left_ns;  /* time until it expires */
	bool is_sealed;
	bool may_be_shadowed; /* lib/shadow.h, which the source could not ask */
};

/* The addresses of NAME; or, if NAME is NULL, the name of ADDRESS, on any interface. */
struct nss_question {
	const char *name;
	struct nss_address address;
	struct nss_policy policy;
	bool only_sealed; /* leave out entries that may be shadowed */
};

/* For a name: its addresses, in the order of rollcall_compare_primary(). For an address: only that address. */
struct nss_answer {
	char name[ROLLCALL_NAME_TEXT];
	int64_t left_ns; /* time until the first of its entries expires */
	int count;
	bool is_sealed;	      /* the entries found have a seal */
	bool may_be_shadowed; /* the entry found for an address: see struct nss_entry */
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

/* Compare family and bytes. The scope is ignored. */
bool address_equals(const struct nss_address *a, const struct nss_address *b);

/* If ENTRY answers the question, add it to the answer. */
void answer_take(struct nss_question *question, const struct nss_entry *entry, struct nss_answer *answer);

#endif
