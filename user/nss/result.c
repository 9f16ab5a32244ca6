// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Pack an answer. This file omits only the addresses that a struct hostent cannot represent. */
#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "result.h"

/* The rest of the caller's buffer. */
struct room {
	char *next;
	size_t bytes;
};

/* Returns NULL if there is not enough left. */
static void *take(struct room *room, size_t bytes, size_t alignment)
{
	size_t padding = -(uintptr_t)room->next % alignment;
	char *taken;

	if (room->bytes < padding || room->bytes - padding < bytes)
		return NULL;
	taken = room->next + padding;
	room->next = taken + bytes;
	room->bytes -= padding + bytes;
	return taken;
}

static char *take_name(struct room *room, const char *name)
{
	size_t bytes = strlen(name) + 1;
	char *copy = take(room, bytes, 1);

	return copy ? memcpy(copy, name, bytes) : NULL;
}

int result_tuples(const struct nss_answer *answer, struct gaih_addrtuple **tuples, char *buffer, size_t bytes)
{
	struct room room = { buffer, bytes };
	struct gaih_addrtuple *list;
	char *name;

	if (!answer->count)
		return -ESRCH;
	list = take(&room, (size_t)answer->count * sizeof(*list), alignof(struct gaih_addrtuple));
	name = take_name(&room, answer->name);
	if (!list || !name)
		return -ERANGE;
	for (int i = 0; i < answer->count; i++) {
		const struct nss_address *address = &answer->found[i].address;

		list[i] = (struct gaih_addrtuple){
			.next = i + 1 < answer->count ? &list[i + 1] : NULL,
			.name = name,
			.family = address->family,
			.scopeid = address->scope,
		};
		memcpy(list[i].addr, address->bytes, address_bytes(address->family));
	}
	if (*tuples)
		**tuples = list[0];
	else
		*tuples = list;
	return 0;
}

/* The addresses of the answer that a struct hostent of FAMILY has. */
struct choice {
	const struct nss_address *list[ROLLCALL_FIND_MAX];
	int count;
};

static void choose(const struct nss_answer *answer, int family, struct choice *choice)
{
	bool has_better = false;

	choice->count = 0;
	for (int i = 0; i < answer->count; i++)
		has_better = has_better || !answer->found[i].address.scope;
	for (int i = 0; i < answer->count; i++) {
		const struct nss_address *address = &answer->found[i].address;
		int twin = 0;

		if (address->family != family || (address->scope && has_better))
			continue;
		while (twin < choice->count && !address_equals(choice->list[twin], address))
			twin++;
		if (twin == choice->count) /* else it is the same address on another interface */
			choice->list[choice->count++] = address;
	}
}

int result_host(const struct nss_answer *answer, int family, struct hostent *host, char *buffer, size_t bytes)
{
	struct room room = { buffer, bytes };
	struct choice choice;
	char **pointers, *name, *addresses;
	size_t length = address_bytes(family);

	choose(answer, family, &choice);
	if (!choice.count)
		return -ESRCH;
	/* there are no aliases: their list is the NULL at the end of the addresses */
	pointers = take(&room, ((size_t)choice.count + 1) * sizeof(*pointers), alignof(char *));
	addresses = take(&room, (size_t)choice.count * length, alignof(struct in6_addr));
	name = take_name(&room, answer->name);
	if (!pointers || !addresses || !name)
		return -ERANGE;
	for (int i = 0; i < choice.count; i++)
		pointers[i] = memcpy(addresses + (size_t)i * length, choice.list[i]->bytes, length);
	pointers[choice.count] = NULL;
	*host = (struct hostent){
		.h_name = name,
		.h_aliases = &pointers[choice.count],
		.h_addrtype = family,
		.h_length = (int)length,
		.h_addr_list = pointers,
	};
	return 0;
}
