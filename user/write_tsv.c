// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One line of tab-separated fields a peer. Their order is documented in rollcall(8) and scripts
 * count on it: a new field goes to the end, none is ever moved or taken away.
 */
#include "write.h"

static void begin_peers(__attribute__((unused)) FILE *out, __attribute__((unused)) bool header)
{
}

/* Seconds since 1970, as date -d @ takes them. */
static void put_time(FILE *out, const struct scene *scene, uint64_t boot_ns)
{
	unsigned long long ms = clock_real_ns(&scene->now, boot_ns) / NS_PER_MS;

	fprintf(out, "\t%llu.%03llu", ms / 1000, ms % 1000);
}

static void write_peer(FILE *out, const struct scene *scene, const struct rollcall_entry *e,
		       __attribute__((unused)) size_t number)
{
	uint64_t age_ns = entry_age_ns(scene, e);
	bool moved = entry_is_moved(scene, e);
	char name[ROLLCALL_NAME_TEXT], dev[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];
	char lladdr[LLADDR_TEXT];

	rollcall_ifname_text(scene->slots, e->key.ifindex, dev);
	fprintf(out, "%s\t%u\t%s\t%s\t%s", rollcall_name_text(e, name), e->key.family,
		rollcall_address_text(e, dev, address), lladdr_text(e, lladdr), dev);
	put_time(out, scene, e->peer.first_seen_ns);
	put_time(out, scene, e->peer.last_seen_ns);
	fprintf(out, "\t%llu\t%llu\t%llu", age_ns / NS_PER_MS, (scene->settings->expiry_ns - age_ns) / NS_PER_MS,
		(unsigned long long)e->peer.announcements);
	fprintf(out, "\t%s\t%s\n", entry_is_contested(scene, e) ? "conflict" : moved ? "moved" : "-",
		moved ? rival_text(e, dev, address) : "-");
}

static void end_peers(__attribute__((unused)) FILE *out, __attribute__((unused)) size_t count)
{
}

const struct peers_writer write_peers_tsv = { begin_peers, write_peer, end_peers };
