// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Opening, walking and asking the pinned table. It decides nothing but what is live. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <rollcall/rollcall.h>

#include "bpf.h"
#include "map_walk.h"

static const struct rollcall_settings defaults = ROLLCALL_DEFAULT_SETTINGS;

/* Nothing of another shape is ever read as if it were ours. Returns the descriptor or -errno. */
static int open_map(const char *dir, const char *name, uint32_t key_bytes, uint32_t value_bytes)
{
	uint32_t key_here = 0, value_here = 0;
	char path[PATH_MAX];
	int fd, err;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = bpf_open_pin(path);
	if (fd < 0)
		return fd;
	err = bpf_sizes(fd, &key_here, &value_here);
	if (!err && (key_here != key_bytes || value_here != value_bytes))
		err = -EMEDIUMTYPE;
	if (!err)
		return fd;
	close(fd);
	return err;
}

static int read_settings(const char *dir, struct rollcall_settings *settings)
{
	int fd = open_map(dir, "settings", sizeof(uint32_t), sizeof(*settings)), err;
	uint32_t zero = 0;

	if (fd < 0)
		return fd;
	err = bpf_lookup(fd, &zero, settings);
	close(fd);
	if (err)
		return err;
	if (!settings->layout)
		*settings = defaults; /* pinned by another loader: what is compiled in is in force */
	return settings->layout && settings->layout != ROLLCALL_LAYOUT ? -EMEDIUMTYPE : 0;
}

static int open_in(struct rollcall_table *t, const char *dir)
{
	int err;

	*t = (struct rollcall_table){ .peers_fd = -1, .interfaces_fd = -1 };
	err = read_settings(dir, &t->settings);
	if (err)
		return err;
	t->peers_fd = open_map(dir, "peers", sizeof(struct rollcall_peer_key), sizeof(struct rollcall_peer));
	if (t->peers_fd < 0)
		return t->peers_fd;
	t->interfaces_fd = open_map(dir, "interfaces", sizeof(uint32_t), sizeof(struct rollcall_attachment));
	err = t->interfaces_fd < 0 ? t->interfaces_fd : 0;
	if (err)
		rollcall_close(t);
	return err;
}

int rollcall_open(struct rollcall_table *t, const char *dir)
{
	int err;

	if (dir)
		return open_in(t, dir);
	err = open_in(t, ROLLCALL_READERS_DIR);
	return err ? open_in(t, ROLLCALL_PIN_DIR) : 0;
}

void rollcall_close(struct rollcall_table *t)
{
	if (t->peers_fd >= 0)
		close(t->peers_fd);
	if (t->interfaces_fd >= 0)
		close(t->interfaces_fd);
	t->peers_fd = t->interfaces_fd = -1;
}

uint64_t rollcall_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

struct visiting {
	rollcall_visit visit;
	void *context;
	const struct rollcall_settings *settings;
	uint64_t now_ns;
	bool live_alone;
};

static int visit_entry(const void *key, const void *value, void *context)
{
	const struct visiting *v = context;
	struct rollcall_entry entry;

	memcpy(&entry.key, key, sizeof(entry.key));
	memcpy(&entry.peer, value, sizeof(entry.peer));
	entry.key.hostname[sizeof(entry.key.hostname) - 1] = '\0';
	if (v->live_alone && !rollcall_is_live(v->settings, &entry.peer, v->now_ns))
		return 0;
	return v->visit(&entry, v->context);
}

static int walk(const struct rollcall_table *t, struct visiting *v)
{
	return rollcall_map_walk(t->peers_fd, sizeof(struct rollcall_peer_key), sizeof(struct rollcall_peer), visit_entry, v);
}

int rollcall_walk(const struct rollcall_table *t, rollcall_visit visit, void *context)
{
	struct visiting v = { .visit = visit, .context = context };

	return walk(t, &v);
}

int rollcall_each(const struct rollcall_table *t, uint64_t now_ns, rollcall_visit visit, void *context)
{
	struct visiting v = { visit, context, &t->settings, now_ns, true };

	return walk(t, &v);
}

int rollcall_slots(const struct rollcall_table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS])
{
	uint32_t keys[ROLLCALL_SLOTS], position, count = ROLLCALL_SLOTS;
	int err = bpf_lookup_batch(t->interfaces_fd, NULL, &position, keys, slots, &count);

	if (err && err != -ENOENT) /* -ENOENT: that was all of them */
		return err;
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		slots[slot].ifname[sizeof(slots[slot].ifname) - 1] = '\0';
		slots[slot].hostname[sizeof(slots[slot].hostname) - 1] = '\0';
	}
	return 0;
}

static int compare_freshness(const void *left, const void *right)
{
	const struct rollcall_entry *a = left, *b = right;

	if (a->key.family != b->key.family)
		return a->key.family - b->key.family;
	return (a->peer.last_seen_ns < b->peer.last_seen_ns) - (a->peer.last_seen_ns > b->peer.last_seen_ns);
}

/* Returns 1 if there is such an entry and it is live, 0 if not. */
static int look_up(const struct rollcall_table *t, const char *name, int family, uint32_t ifindex, uint64_t now_ns,
		   struct rollcall_entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	memcpy(entry->key.hostname, name, strlen(name));
	entry->key.family = (uint8_t)family;
	entry->key.ifindex = ifindex;
	return !bpf_lookup(t->peers_fd, &entry->key, &entry->peer) && rollcall_is_live(&t->settings, &entry->peer, now_ns);
}

int rollcall_find(const struct rollcall_table *t, const char *name, int family, struct rollcall_entry *entries, int room)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	uint64_t now_ns = rollcall_now_ns();
	int found = 0, err;

	if (!*name || strlen(name) > ROLLCALL_HOSTNAME_MAX)
		return 0;
	err = rollcall_slots(t, slots);
	if (err)
		return err;
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		uint32_t ifindex = slots[slot].ifindex;

		if (ifindex && family != ROLLCALL_FAMILY_IPV6 && found < room)
			found += look_up(t, name, ROLLCALL_FAMILY_IPV4, ifindex, now_ns, &entries[found]);
		if (ifindex && family != ROLLCALL_FAMILY_IPV4 && found < room)
			found += look_up(t, name, ROLLCALL_FAMILY_IPV6, ifindex, now_ns, &entries[found]);
	}
	qsort(entries, (size_t)found, sizeof(*entries), compare_freshness);
	return found;
}

struct searching {
	int family;
	const void *address;
	struct rollcall_entry *best;
	bool found;
};

static int compare_address(const struct rollcall_entry *entry, void *context)
{
	struct searching *s = context;
	bool is_ipv4 = s->family == ROLLCALL_FAMILY_IPV4;
	const void *address = is_ipv4 ? entry->peer.ipv4 : entry->peer.ipv6;

	if (entry->key.family != s->family || memcmp(address, s->address, is_ipv4 ? 4 : 16))
		return 0;
	if (!s->found || entry->peer.last_seen_ns > s->best->peer.last_seen_ns)
		*s->best = *entry;
	s->found = true;
	return 0;
}

int rollcall_find_address(const struct rollcall_table *t, int family, const void *address, struct rollcall_entry *entry)
{
	struct searching s = { .family = family, .address = address, .best = entry };
	int err = rollcall_each(t, rollcall_now_ns(), compare_address, &s);

	return err ? err : s.found ? 0 : -ENOENT;
}
