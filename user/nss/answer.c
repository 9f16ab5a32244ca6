// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Match entries with a question, and keep the matches in order. This file reads no table. */
#include <string.h>

#include "answer.h"

bool address_equals(const struct nss_address *a, const struct nss_address *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, address_bytes(a->family));
}

/* RFC 3927 and RFC 4291. */
static bool is_link_local(const struct nss_address *address)
{
	return address->family == AF_INET ? address->bytes[0] == 169 && address->bytes[1] == 254 :
					    address_is_link_local(address);
}

/* The order is that of rollcall_compare_primary(). */
static bool goes_before(const struct nss_entry *entry, const struct nss_address *address, uint64_t first_seen_ns)
{
	if (entry->address.family != address->family)
		return entry->address.family == AF_INET;
	if (is_link_local(&entry->address) != is_link_local(address))
		return is_link_local(address);
	return entry->first_seen_ns < first_seen_ns;
}

/* An address on two interfaces counts once. A link-local address on two interfaces counts twice, by its scope. */
static int find_twin(const struct nss_answer *answer, const struct nss_address *address)
{
	for (int i = 0; i < answer->count; i++)
		if (answer->found[i].address.scope == address->scope && address_equals(&answer->found[i].address, address))
			return i;
	return -1;
}

static void shift(struct nss_answer *answer, int from, int to)
{
	memmove(&answer->found[to], &answer->found[from], (size_t)(answer->count - from) * sizeof(answer->found[0]));
	answer->count += to - from;
}

static void add(struct nss_answer *answer, const struct nss_entry *entry)
{
	int twin = find_twin(answer, &entry->address), place = 0;

	if (twin >= 0 && answer->found[twin].first_seen_ns <= entry->first_seen_ns)
		return;
	if (twin >= 0)
		shift(answer, twin + 1, twin);
	if (answer->count == ROLLCALL_FIND_MAX)
		return; /* a table has no more entries of one name */
	while (place < answer->count && !goes_before(entry, &answer->found[place].address, answer->found[place].first_seen_ns))
		place++;
	shift(answer, place, place + 1);
	answer->found[place].address = entry->address;
	answer->found[place].first_seen_ns = entry->first_seen_ns;
}

/* In a mixed table the entries without a seal of a host with sealed ones are shadowed (lib/shadow.h). */
static void take_address(const struct nss_entry *entry, struct nss_answer *answer)
{
	if (answer->count && answer->is_sealed && !entry->is_sealed)
		return;
	if (entry->is_sealed && !answer->is_sealed)
		answer->count = 0;
	answer->is_sealed = entry->is_sealed;
	if (!answer->count || entry->left_ns < answer->left_ns)
		answer->left_ns = entry->left_ns;
	add(answer, entry);
}

/*
 * Of the names that are allowed, keep the one that was received last with a seal, or else the one that was received last.
 * A host can announce any name, so check it too.
 */
static void take_name(struct nss_question *question, const struct nss_entry *entry, struct nss_answer *answer)
{
	bool has_same_seal = entry->is_sealed == answer->is_sealed;

	if (answer->count && (has_same_seal ? answer->found[0].age_ns <= entry->age_ns : answer->is_sealed))
		return;
	if (!policy_allows(&question->policy, entry->name))
		return;
	memcpy(answer->name, entry->name, strlen(entry->name) + 1);
	answer->left_ns = entry->left_ns;
	answer->found[0].address = question->address;
	answer->found[0].age_ns = entry->age_ns;
	answer->is_sealed = entry->is_sealed;
	answer->may_be_shadowed = entry->may_be_shadowed;
	answer->count = 1;
}

static bool answers(const struct nss_question *question, const struct nss_entry *entry)
{
	if (question->name)
		return !strcmp(question->name, entry->name);
	return address_equals(&question->address, &entry->address) && !(question->only_sealed && entry->may_be_shadowed);
}

void answer_take(struct nss_question *question, const struct nss_entry *entry, struct nss_answer *answer)
{
	if (!answers(question, entry) || (!entry->is_sealed && policy_is_sealed_only(&question->policy)))
		return;
	if (question->name)
		take_address(entry, answer);
	else
		take_name(question, entry, answer);
}
