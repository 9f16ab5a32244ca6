// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Asking the pinned maps, through the library. */
#include <string.h>

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
	};

	entry.left_ns = (int64_t)asking->table->settings.expiry_ns - entry.age_ns;
	memcpy(entry.address.bytes, entry.address.family == AF_INET ? e->peer.ipv4 : e->peer.ipv6,
	       address_bytes(entry.address.family));
	if (address_is_link_local(&entry.address))
		entry.address.scope = e->key.ifindex;
	answer_take(asking->question, &entry, asking->answer);
	return 0;
}

static int find(const struct rollcall_table *table, struct asking *asking)
{
	struct rollcall_entry entries[ROLLCALL_FIND_MAX];
	int count = rollcall_find(table, asking->question->name, 0, entries, ROLLCALL_FIND_MAX);

	for (int i = 0; i < count; i++)
		take(&entries[i], asking);
	return count < 0 ? count : 0;
}

int maps_ask(struct nss_question *question, struct nss_answer *answer)
{
	struct rollcall_table table;
	struct asking asking = { &table, rollcall_now_ns(), question, answer };
	int err = rollcall_open_peers(&table);

	if (err)
		return err;
	err = question->name ? find(&table, &asking) : rollcall_each(&table, asking.now_ns, take, &asking);
	rollcall_close(&table);
	return err;
}
