// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Read the pinned maps with the library. */
#include <string.h>

#include "lib/clock.h"
#include "lib/find.h"
#include "lib/pin.h"
#include "source.h"

struct asking {
	const struct rollcall_table *table;
	uint64_t now_ns;
	struct nss_question *question;
	struct nss_answer *answer;
};

static int take(const struct rollcall_entry *e, void *context)
{
	const struct asking *asking = context;
	struct nss_entry entry = {
		.name = e->key.hostname,
		.address.family = e->key.family == ROLLCALL_FAMILY_IPV4 ? AF_INET : AF_INET6,
		.age_ns = rollcall_age_ns(&e->peer, asking->now_ns),
		.first_seen_ns = e->peer.first_seen_ns,
		.is_sealed = e->peer.flags & ROLLCALL_PEER_SEALED,
	};

	entry.left_ns = (int64_t)asking->table->settings.expiry_ns - entry.age_ns;
	memcpy(entry.address.bytes, entry.address.family == AF_INET ? e->peer.ipv4 : e->peer.ipv6,
	       address_bytes(entry.address.family));
	if (address_is_link_local(&entry.address))
		entry.address.scope = e->key.ifindex;
	answer_take(asking->question, &entry, asking->answer);
	return 0;
}

static int find_address(const struct rollcall_table *table, struct asking *asking)
{
	const struct nss_address *address = &asking->question->address;
	int family = address->family == AF_INET ? ROLLCALL_FAMILY_IPV4 : ROLLCALL_FAMILY_IPV6;

	if (!rollcall_address_is_known(table, family, address->bytes))
		return 0;
	return rollcall_each(table, asking->now_ns, take, asking);
}

int maps_ask(struct nss_question *question, struct nss_answer *answer)
{
	struct rollcall_table table;
	struct asking asking = { &table, 0, question, answer };
	int err = question->name ? rollcall_open_peers(&table) : rollcall_open(&table, NULL);

	if (err)
		return err;
	asking.now_ns = rollcall_boot_ns(table.boot_offset_ns);
	err = question->name ? rollcall_find_each(&table, question->name, take, &asking) : find_address(&table, &asking);
	rollcall_close(&table);
	return err;
}
