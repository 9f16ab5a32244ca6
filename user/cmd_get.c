// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall get: one host's address alone, for scripts. It asks for the few keys that the name
 * can have, one for each interface and family, and never walks the table.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "command.h"
#include "message.h"
#include "write.h"

#define FOUND_MAX (2 * ROLLCALL_SLOTS)

struct found {
	struct table_entry entries[FOUND_MAX];
	int count;
};

static void look_up(const struct table *t, const char *name, uint8_t family, uint32_t ifindex, uint64_t now_ns,
		    struct found *found)
{
	struct table_entry *entry = &found->entries[found->count];

	*entry = (struct table_entry){ .key = { .family = family, .ifindex = ifindex } };
	memcpy(entry->key.hostname, name, strlen(name));
	if (!bpf_map_lookup_elem(t->peers_fd, &entry->key, &entry->peer) && peer_is_live(t, &entry->peer, now_ns))
		found->count++;
}

static void print_entry(const struct rollcall_attachment slots[ROLLCALL_SLOTS], const struct table_entry *entry)
{
	char ifname[IFNAME_BYTES], address[ADDRESS_BYTES];

	puts(address_text(entry, slots_ifname(slots, entry->key.ifindex, ifname), address));
}

static bool fresher(const struct table_entry *a, const struct table_entry *b)
{
	if (a->key.family != b->key.family)
		return a->key.family == ROLLCALL_FAMILY_IPV4;
	return a->peer.last_seen_ns > b->peer.last_seen_ns;
}

int command_get(const struct options *o, const struct table *t)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	const char *name = o->args[0];
	struct found found = {};
	uint64_t now_ns = clock_boot_ns();
	int best = 0, err = slots_read(t, slots);

	if (err)
		return err;
	for (int slot = 0; slot < ROLLCALL_SLOTS && strlen(name) <= ROLLCALL_HOSTNAME_MAX; slot++) {
		if (!slots[slot].ifindex)
			continue;
		if (!option_given(o, OPT_IPV6))
			look_up(t, name, ROLLCALL_FAMILY_IPV4, slots[slot].ifindex, now_ns, &found);
		if (!option_given(o, OPT_IPV4))
			look_up(t, name, ROLLCALL_FAMILY_IPV6, slots[slot].ifindex, now_ns, &found);
	}
	if (!found.count)
		return -ENOENT; /* the exit status says it, as with getent */
	for (int i = 1; i < found.count; i++)
		if (fresher(&found.entries[i], &found.entries[best]))
			best = i;
	for (int i = 0; i < found.count; i++)
		if (i == best || option_given(o, OPT_ALL))
			print_entry(slots, &found.entries[i]);
	return 0;
}
