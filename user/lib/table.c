// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Open, walk and look up the pinned table. The only decision here is which entries are live and not shadowed. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <rollcall/rollcall.h>

#include "bpf.h"
#include "clock.h"
#include "find.h"
#include "map_walk.h"
#include "pin.h"
#include "shadow.h"
#include "slots.h"

static int open_map(const struct rollcall_table *t, enum pin pin, int *map_fd, struct rollcall_fault *fault)
{
	*map_fd = rollcall_pin_open(t->dir, pin, BPF_F_RDONLY, &t->settings, fault);
	return *map_fd < 0 ? *map_fd : 0;
}

/* The settings come first: the other maps are validated against them. */
static int open_maps(struct rollcall_table *t, bool only_peers, struct rollcall_fault *fault)
{
	int settings_fd, err = rollcall_pin_check_dir(t->dir, fault);

	if (!err || err == -ENOENT) /* -ENOENT: opening the pin finds out what is missing */
		err = open_map(t, PIN_settings, &settings_fd, fault);
	if (err)
		return err;
	err = rollcall_pin_settings(t->dir, settings_fd, &t->settings, fault);
	close(settings_fd);
	if (!err)
		err = open_map(t, PIN_peers, &t->peers_fd, fault);
	if (!err)
		err = open_map(t, PIN_interfaces, &t->interfaces_fd, fault);
	if (err || only_peers)
		return err;
	err = open_map(t, PIN_state, &t->state_fd, fault);
	if (!err)
		err = open_map(t, PIN_sources, &t->sources_fd, fault);
	return err ? err : open_map(t, PIN_outcomes, &t->outcomes_fd, fault);
}

static bool settings_are_readable(const char *path)
{
	return !faccessat(AT_FDCWD, path, R_OK, AT_EACCESS);
}

/* The loader pins the table of this host in ROLLCALL_PIN_DIR, and again where all users can read it. */
const char *rollcall_dir(const char *dir)
{
	if (dir && strcmp(dir, ROLLCALL_PIN_DIR))
		return dir;
	if (settings_are_readable(ROLLCALL_PIN_DIR "/settings"))
		return ROLLCALL_PIN_DIR;
	if (errno == EACCES || settings_are_readable(ROLLCALL_READERS_DIR "/settings"))
		return ROLLCALL_READERS_DIR;
	return ROLLCALL_PIN_DIR;
}

static int open_table(struct rollcall_table *t, const char *dir, bool only_peers, struct rollcall_fault *fault)
{
	int err;

	*t = (struct rollcall_table){
		.dir = rollcall_dir(dir), .peers_fd = -1, .interfaces_fd = -1, .state_fd = -1, .outcomes_fd = -1,
		.sources_fd = -1, .boot_offset_ns = rollcall_boot_offset_ns(),
	};
	err = open_maps(t, only_peers, fault);
	if (err)
		rollcall_close(t);
	return err;
}

int rollcall_open_why(struct rollcall_table *t, const char *dir, struct rollcall_fault *fault)
{
	return open_table(t, dir, false, fault);
}

int rollcall_open_peers(struct rollcall_table *t)
{
	struct rollcall_fault fault;

	return open_table(t, NULL, true, &fault);
}

int rollcall_open(struct rollcall_table *t, const char *dir)
{
	struct rollcall_fault fault;

	return open_table(t, dir, false, &fault);
}

static void close_map(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void rollcall_close(struct rollcall_table *t)
{
	close_map(&t->peers_fd);
	close_map(&t->interfaces_fd);
	close_map(&t->state_fd);
	close_map(&t->outcomes_fd);
	close_map(&t->sources_fd);
}

struct visiting {
	rollcall_visit visit;
	void *context;
	const struct shadow *only_live; /* visit only live entries that it does not cover; or NULL: all */
};

static int visit_entry(const void *key, const void *value, void *context)
{
	const struct visiting *v = context;
	struct rollcall_entry entry;

	memcpy(&entry.key, key, sizeof(entry.key));
	memcpy(&entry.peer, value, sizeof(entry.peer));
	entry.key.hostname[sizeof(entry.key.hostname) - 1] = '\0';
	if (entry.key.family != ROLLCALL_FAMILY_IPV4 && entry.key.family != ROLLCALL_FAMILY_IPV6)
		return 0; /* the filter did not write it */
	if (v->only_live && (!rollcall_is_live(&v->only_live->table->settings, &entry.peer, v->only_live->now_ns) ||
			     rollcall_shadow_covers(v->only_live, &entry)))
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
	struct shadow shadow;
	struct visiting v = { visit, context, &shadow };
	int err = rollcall_shadow_begin(&shadow, t, now_ns);

	return err ? err : walk(t, &v);
}

int rollcall_records_next(const struct rollcall_table *t, uint32_t *position, bool begun,
			struct rollcall_attachment *slots, uint32_t count)
{
	uint32_t keys[ROLLCALL_SLOTS];
	int err = bpf_lookup_batch(t->interfaces_fd, begun ? position : NULL, position, keys, slots, &count);

	if (err && err != -ENOENT) /* -ENOENT: this was the last batch */
		return err;
	for (uint32_t i = 0; i < count; i++) {
		slots[i].ifname[sizeof(slots[i].ifname) - 1] = '\0';
		slots[i].hostname[sizeof(slots[i].hostname) - 1] = '\0';
	}
	return (int)count;
}

int rollcall_records(const struct rollcall_table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS])
{
	uint32_t position;
	int count = rollcall_records_next(t, &position, false, slots, ROLLCALL_SLOTS);

	return count < 0 ? count : count == ROLLCALL_SLOTS ? 0 : -EMEDIUMTYPE;
}

int rollcall_lookup(const struct rollcall_table *t, struct rollcall_entry *entry)
{
	return bpf_lookup(t->peers_fd, &entry->key, &entry->peer);
}

int rollcall_state_read(const struct rollcall_table *t, struct rollcall_state *state)
{
	uint32_t zero = 0;

	return bpf_lookup(t->state_fd, &zero, state);
}

/* The number of possible CPUs, whose values the kernel copies, or -errno. The file has "0-3" or "0,2-5". */
static int possible_cpus(void)
{
	FILE *file = fopen("/sys/devices/system/cpu/possible", "re");
	unsigned long first, last, count = 0;
	char line[256] = "", *at = line, *end;

	if (!file)
		return -errno;
	if (!fgets(line, sizeof(line), file))
		*line = '\0';
	fclose(file);
	for (;;) {
		first = last = strtoul(at, &end, 10);
		if (end == at)
			break;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		count += last - first + 1;
		if (*end != ',')
			break;
		at = end + 1;
	}
	return count && count <= INT_MAX / (int)sizeof(struct rollcall_counts) ? (int)count : -EINVAL;
}

int rollcall_counts_read(const struct rollcall_table *t, uint32_t slot, struct rollcall_counts *sum)
{
	int cpus = possible_cpus(), err;
	struct rollcall_counts *counts;

	if (cpus < 1)
		return cpus < 0 ? cpus : -EINVAL;
	counts = calloc((size_t)cpus, sizeof(*counts));
	if (!counts)
		return -ENOMEM;
	err = bpf_lookup(t->outcomes_fd, &slot, counts);
	memset(sum, 0, sizeof(*sum));
	for (int cpu = 0; !err && cpu < cpus; cpu++) {
		for (int i = 0; i < ROLLCALL_OUTCOME_COUNT; i++)
			sum->outcomes[i] += counts[cpu].outcomes[i];
		sum->events_lost += counts[cpu].events_lost;
		if (counts[cpu].last_ns > sum->last_ns)
			sum->last_ns = counts[cpu].last_ns;
	}
	free(counts);
	return err;
}
