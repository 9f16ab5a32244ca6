// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Makes entries of the addresses that rtnetlink lists. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/message.h"
#include "base/nodename.h"
#include "lib/name.h"
#include "net/addresses.h"
#include "net/netns.h"
#include "self.h"

#define PEER_SELF 0x80 /* a bit of the flags that the filter never sets */

bool entry_is_self(const struct rollcall_entry *entry)
{
	return entry->peer.flags & PEER_SELF;
}

static void put_name(struct rollcall_entry *e, const struct rollcall_attachment *a)
{
	char own[NODENAME_BYTES];

	if (*a->hostname)
		memcpy(e->key.hostname, a->hostname, strnlen(a->hostname, sizeof(e->key.hostname) - 1));
	else
		snprintf(e->key.hostname, sizeof(e->key.hostname), "%s", nodename_short(own));
	for (char *c = e->key.hostname; *c; c++)
		*c = hostname_lower(*c);
}

static int add_entry(struct entries *entries, const struct rollcall_attachment *a, const struct address *address,
		     const struct selection *selection, uint64_t now_ns)
{
	bool is_ipv4 = address && address->family == AF_INET;
	struct rollcall_entry e = {
		.key = { .family = is_ipv4 ? ROLLCALL_FAMILY_IPV4 : ROLLCALL_FAMILY_IPV6, .ifindex = a->ifindex },
		.peer = { .flags = PEER_SELF, .first_seen_ns = 1, .last_seen_ns = now_ns },
	};

	if (!address)
		return 0;
	put_name(&e, a);
	memcpy(e.peer.lladdr, a->lladdr, sizeof(e.peer.lladdr));
	if (is_ipv4)
		memcpy(e.peer.ipv4, address->bytes, sizeof(e.peer.ipv4));
	else
		memcpy(e.peer.ipv6, address->bytes, sizeof(e.peer.ipv6));
	return selection && !selection_takes(selection, &e) ? 0 : entries_add(entries, &e);
}

static int add_interface(struct entries *entries, const struct rollcall_attachment *a, const struct selection *selection,
			 uint64_t now_ns)
{
	struct addresses found;
	int err = addresses_read(&found, AF_UNSPEC, a->ifindex);

	if (err)
		return err == -ENODEV ? 0 : err;
	err = add_entry(entries, a, addresses_source4(&found), selection, now_ns);
	if (!err)
		err = add_entry(entries, a, addresses_source6(&found), selection, now_ns);
	addresses_free(&found);
	return err;
}

bool self_is_named(const struct rollcall_attachment slots[ROLLCALL_SLOTS], const char *name)
{
	char own[NODENAME_BYTES];
	bool attached = false;

	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		if (!slots[slot].ifindex)
			continue;
		attached = true;
		if (!strncasecmp(name, slots[slot].hostname, sizeof(slots[slot].hostname)))
			return true;
	}
	return attached && (!strcasecmp(name, nodename_full(own)) || !strcasecmp(name, nodename_short(own)));
}

int self_add(const struct rollcall_table *t, const struct rollcall_attachment slots[ROLLCALL_SLOTS],
	     const struct selection *selection, uint64_t now_ns, struct entries *entries)
{
	int err = 0;

	if (!netns_is_of(&t->settings))
		return 0;
	for (int slot = 0; !err && slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex)
			err = add_interface(entries, &slots[slot], selection, now_ns);
	return err ? fail(err, NULL, "cannot read this host's addresses") : 0;
}
