// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Opening, walking and asking the pinned table. It decides nothing but what is live. */
#include <limits.h>
#include <stdio.h>
#include <time.h>

#include <rollcall/rollcall.h>

#include "bpf.h"
#include "map_slots.h"
#include "map_walk.h"
#include "name.h"

static const struct rollcall_settings defaults = ROLLCALL_DEFAULT_SETTINGS;

/* Nothing of another shape is ever read as if it were ours. Returns the descriptor or -errno. */
static int open_map(const char *dir, const char *name, uint32_t key_bytes, uint32_t value_bytes, uint32_t flags)
{
	uint32_t key_here = 0, value_here = 0;
	char path[PATH_MAX];
	int fd, err;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = bpf_open_pin(path, flags);
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
	int fd = open_map(dir, "settings", sizeof(uint32_t), sizeof(*settings), BPF_F_RDONLY), err;
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

static int open_interfaces(const char *dir, uint32_t flags)
{
	return open_map(dir, "interfaces", sizeof(uint32_t), sizeof(struct rollcall_attachment), flags);
}

/*
 * Who may write may have it as memory: through a descriptor for reading alone nothing is shared
 * (do_mmap() in mm/mmap.c), whatever the mapping is for. Others read it by bpf(2), at each look-up.
 */
static const struct rollcall_attachment *share_interfaces(const char *dir)
{
	const struct rollcall_attachment *slots;
	int fd = open_interfaces(dir, 0);

	if (fd < 0)
		return NULL;
	slots = map_slots(fd);
	close(fd);
	return slots;
}

static int open_in(struct rollcall_table *t, const char *dir)
{
	int err;

	*t = (struct rollcall_table){ .peers_fd = -1, .interfaces_fd = -1 };
	err = read_settings(dir, &t->settings);
	if (err)
		return err;
	t->peers_fd = open_map(dir, "peers", sizeof(struct rollcall_peer_key), sizeof(struct rollcall_peer), BPF_F_RDONLY);
	if (t->peers_fd < 0)
		return t->peers_fd;
	t->interfaces_fd = open_interfaces(dir, BPF_F_RDONLY);
	if (t->interfaces_fd < 0) {
		err = t->interfaces_fd;
		rollcall_close(t);
		return err;
	}
	t->interfaces = share_interfaces(dir);
	return 0;
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
	unmap_slots(t->interfaces);
	t->peers_fd = t->interfaces_fd = -1;
	t->interfaces = NULL;
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
	int err = 0;

	if (t->interfaces)
		memcpy(slots, t->interfaces, MAP_SLOTS_BYTES);
	else
		err = bpf_lookup_batch(t->interfaces_fd, NULL, &position, keys, slots, &count);
	if (err && err != -ENOENT) /* -ENOENT: that was all of them */
		return err;
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		slots[slot].ifname[sizeof(slots[slot].ifname) - 1] = '\0';
		slots[slot].hostname[sizeof(slots[slot].hostname) - 1] = '\0';
	}
	return 0;
}

/* Interfaces that something is attached to. Returns how many, or -errno. */
static int list_interfaces(const struct rollcall_table *t, uint32_t ifindexes[ROLLCALL_SLOTS])
{
	struct rollcall_attachment copies[ROLLCALL_SLOTS];
	const struct rollcall_attachment *slots = t->interfaces;
	int count = 0, err;

	if (!slots) {
		err = rollcall_slots(t, copies);
		if (err)
			return err;
		slots = copies;
	}
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		uint32_t ifindex = __atomic_load_n(&slots[slot].ifindex, __ATOMIC_RELAXED);

		if (ifindex)
			ifindexes[count++] = ifindex;
	}
	return count;
}

/* What is found, in order: the best of it, if there is no more room. */
struct finding {
	struct rollcall_entry *entries;
	int count, room;
};

/* Behind those that were heard later, of which the first FIXED go before in any case. */
static void take_found(struct finding *f, int fixed, const struct rollcall_entry *entry)
{
	int place = f->count < f->room ? f->count++ : f->room;

	for (; place > fixed && f->entries[place - 1].peer.last_seen_ns < entry->peer.last_seen_ns; place--)
		if (place < f->room)
			f->entries[place] = f->entries[place - 1];
	if (place < f->room)
		f->entries[place] = *entry;
}

int rollcall_find(const struct rollcall_table *t, const char *name, int family, struct rollcall_entry *entries, int room)
{
	static const uint8_t families[] = { ROLLCALL_FAMILY_IPV4, ROLLCALL_FAMILY_IPV6 };
	struct finding f = { entries, 0, room }; // cppcheck-suppress ctuuninitvar ; written, not read
	struct rollcall_entry entry = {};
	uint64_t now_ns = rollcall_now_ns();
	uint32_t ifindexes[ROLLCALL_SLOTS] = {};
	size_t bytes = strlen(name);
	int count;

	if (!bytes || bytes > ROLLCALL_HOSTNAME_MAX)
		return 0;
	count = list_interfaces(t, ifindexes);
	if (count < 0)
		return count;
	for (size_t i = 0; i < bytes; i++) /* as the filter folds it */
		entry.key.hostname[i] = hostname_lower(name[i]);
	for (size_t i = 0; i < sizeof(families) && f.count < room; i++) {
		int fixed = f.count; /* those of the other family */

		entry.key.family = families[i];
		for (int n = 0; (!family || family == families[i]) && n < count; n++) {
			entry.key.ifindex = ifindexes[n];
			if (!bpf_lookup(t->peers_fd, &entry.key, &entry.peer) &&
			    rollcall_is_live(&t->settings, &entry.peer, now_ns))
				take_found(&f, fixed, &entry);
		}
	}
	return f.count;
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
