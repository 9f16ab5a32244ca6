// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Carrying entries over: collected first, because a walk does not bear what is entered meanwhile. */
#include <bpf/bpf.h>
#include <errno.h>

#include "peers.h"
#include "sources.h"

struct carrying {
	uint32_t from;
	struct entries found;
};

static int find(const struct rollcall_entry *entry, void *context)
{
	struct carrying *c = context;

	return entry->key.ifindex == c->from ? entries_add(&c->found, entry) : 0;
}

static int carry(const struct table *t, const struct rollcall_entry *entry, uint32_t to)
{
	struct rollcall_peer_key key = entry->key;

	key.ifindex = to;
	if (!bpf_map_update_elem(t->peers_fd, &key, &entry->peer, BPF_NOEXIST)) {
		/* a sweeper has taken the old one out meanwhile, and told so: nobody leaves twice */
		if (bpf_map_delete_elem(t->peers_fd, &entry->key) && errno == ENOENT)
			bpf_map_delete_elem(t->peers_fd, &key);
		else
			source_carried(t, entry, to);
		return 0;
	}
	if (errno != EEXIST)
		return -errno;
	/* carried over before, by a loader that was killed between the two halves */
	bpf_map_delete_elem(t->peers_fd, &entry->key);
	return 0;
}

int peers_carry_over(const struct table *t, uint32_t from, uint32_t to)
{
	struct carrying carrying = { .from = from };
	int err = table_walk(t, find, &carrying);

	for (size_t i = 0; !err && i < carrying.found.count; i++)
		err = carry(t, &carrying.found.list[i], to);
	entries_free(&carrying.found);
	sources_doubt(t);
	return err;
}

struct forgetting {
	const struct table *table;
	uint32_t ifindex;
};

static int forget(const struct rollcall_entry *entry, void *context)
{
	const struct forgetting *f = context;

	if (entry->key.ifindex == f->ifindex)
		bpf_map_delete_elem(f->table->peers_fd, &entry->key);
	return 0;
}

int peers_forget(const struct table *t, uint32_t ifindex)
{
	struct forgetting forgetting = { t, ifindex };

	sources_doubt(t);
	return table_walk(t, forget, &forgetting);
}
