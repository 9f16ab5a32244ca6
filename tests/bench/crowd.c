// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Adds many entries at once, by BPF_MAP_UPDATE_BATCH, and many intervals, by one transaction. */
#include <bpf/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crowd.h"
#include "base/message.h"

#define BATCH 4096

char *crowd_name(uint64_t host, char name[24])
{
	snprintf(name, 24, "node-%llu", (unsigned long long)host);
	return name;
}

static void entry_of(struct rollcall_peer_key *key, struct rollcall_peer *peer, uint64_t host, uint64_t heard_ns)
{
	char name[24];

	memset(key, 0, sizeof(*key));
	memset(peer, 0, sizeof(*peer));
	crowd_name(host, name);
	memcpy(key->hostname, name, strlen(name));
	key->family = ROLLCALL_FAMILY_IPV4;
	key->ifindex = 1;
	peer->ipv4[0] = 10;
	peer->ipv4[1] = (uint8_t)(host >> 16);
	peer->ipv4[2] = (uint8_t)(host >> 8);
	peer->ipv4[3] = (uint8_t)host;
	peer->lladdr[0] = 2;
	memcpy(peer->lladdr + 2, peer->ipv4, 4);
	peer->first_seen_ns = peer->last_seen_ns = heard_ns;
	peer->announcements = 1;
}

int crowd_enter(const struct table *t, uint64_t first, uint64_t count, int64_t ago_ns)
{
	struct rollcall_peer_key *keys = calloc(BATCH, sizeof(*keys));
	struct rollcall_peer *peers = calloc(BATCH, sizeof(*peers));
	uint64_t heard_ns = rollcall_now_ns() - (uint64_t)ago_ns, done = 0;
	int err = keys && peers ? 0 : -ENOMEM;

	while (!err && done < count) {
		__u32 batch = 0;

		for (; batch < BATCH && done < count; batch++, done++)
			entry_of(&keys[batch], &peers[batch], first + done, heard_ns);
		err = bpf_map_update_batch(t->peers_fd, keys, peers, &batch, NULL) ? -errno : 0;
	}
	free(keys);
	free(peers);
	t->state->reserved += done;
	t->state->scanned_ns = rollcall_now_ns();
	return err ? fail(err, NULL, "cannot enter hosts") : 0;
}

int crowd_write_history(struct database *d, int hosts, uint64_t intervals)
{
	unsigned long long count = intervals;
	char text[1024];

	snprintf(text, sizeof(text),
		 "BEGIN; INSERT INTO boots VALUES (1, 'bench');"
		 "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d)"
		 " INSERT INTO hosts SELECT i + 1, 'node-' || i, 0, unixepoch() * 1000 FROM n;"
		 "INSERT INTO entries SELECT id, id, 4, 'eth0' FROM hosts;"
		 "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %llu)"
		 " INSERT INTO intervals SELECT h.id, (unixepoch() - (%llu - n.i) * 3900) * 1000, 1, n.i,"
		 " (unixepoch() - (%llu - n.i) * 3900 + 3000) * 1000, 'expired', x'0a4d0001' FROM hosts h CROSS JOIN n;"
		 "UPDATE recorder SET known_until = (unixepoch() + 86400) * 1000; COMMIT; PRAGMA wal_checkpoint(TRUNCATE);",
		 hosts, count, count, count);
	return database_run(d, text) ? database_fail(d, "cannot make it") : 0;
}
