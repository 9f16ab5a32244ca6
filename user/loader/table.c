// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Opening, walking and copying the pinned table. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lib/map_slots.h"
#include "base/message.h"
#include "pins.h"
#include "base/privilege.h"
#include "table.h"

static int open_map(const char *dir, const char *name, enum table_access access)
{
	LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = access == TABLE_READ ? BPF_F_RDONLY : 0);
	char path[PATH_MAX];

	return bpf_obj_get_opts(pins_path(dir, name, path), &opts);
}

static int fail_open(int err, const char *dir)
{
	if (err == -ENOENT)
		return fail(err, "nothing is attached; see 'rollcall attach'", "no table in '%s'", dir);
	return fail(err, privilege_pin_remedy(err), "cannot open the table in '%s'", dir);
}

/* Nothing of another shape is ever read as if it were ours. */
static int check_map(const char *dir, const char *name, int fd, uint32_t key_size, uint32_t value_size)
{
	struct bpf_map_info info = {};
	uint32_t bytes = sizeof(info);

	if (bpf_obj_get_info_by_fd(fd, &info, &bytes))
		return fail(-errno, NULL, "cannot examine '%s/%s'", dir, name);
	if (info.key_size == key_size && info.value_size == value_size)
		return 0;
	fail(0, "'rollcall attach --replace' begins anew",
	     "the table in '%s' is of another layout: '%s' has keys of %u and values of %u bytes, not %u and %u",
	     dir, name, info.key_size, info.value_size, key_size, value_size);
	return TABLE_OTHER_LAYOUT;
}

static int check_maps(const struct table *t, const char *dir)
{
	int err = 0;

#define X(name, key, value)                                                                        \
	if (!err && t->name##_fd >= 0)                                                             \
		err = check_map(dir, #name, t->name##_fd, sizeof(key), sizeof(value));
	PINNED_MAPS(X)
#undef X
	return err;
}

static int map_state(struct table *t, const char *dir)
{
	void *memory = mmap(NULL, sizeof(*t->state), PROT_READ | PROT_WRITE, MAP_SHARED, t->state_fd, 0);

	if (memory == MAP_FAILED)
		return fail(-errno, NULL, "cannot map '%s/state'", dir);
	t->state = memory;
	return 0;
}

static int read_settings(struct table *t, const char *dir)
{
	static const struct rollcall_settings defaults = ROLLCALL_DEFAULT_SETTINGS;
	uint32_t zero = 0;
	int err = check_map(dir, "settings", t->settings_fd, sizeof(zero), sizeof(t->settings));

	if (err)
		return err;
	if (bpf_map_lookup_elem(t->settings_fd, &zero, &t->settings))
		return fail(-errno, NULL, "cannot read '%s/settings'", dir);
	if (!t->settings.layout) {
		t->settings = defaults; /* pinned by another loader: what is compiled in is in force */
		return 0;
	}
	if (t->settings.layout == ROLLCALL_LAYOUT)
		return 0;
	fail(0, "'rollcall attach --replace' begins anew", "the table in '%s' is of layout %u, this program knows %u",
	     dir, t->settings.layout, ROLLCALL_LAYOUT);
	return TABLE_OTHER_LAYOUT;
}

/* A table that is there but lacks a map is of another layout, or is being removed this moment. */
static int fail_missing(const char *dir, const char *name, int err)
{
	if (err != -ENOENT || !pins_have_table(dir))
		return fail_open(err, dir);
	fail(0, "'rollcall attach --replace' begins anew", "the table in '%s' is of another layout: it has no '%s'",
	     dir, name);
	return TABLE_OTHER_LAYOUT;
}

int table_open(struct table *t, const char *pin_dir, enum table_access access)
{
	int err;

	*t = (struct table)TABLE_CLOSED;
	/* settings first: they say whether the rest can be read at all */
	t->settings_fd = open_map(pin_dir, "settings", access);
	if (t->settings_fd < 0)
		return fail_open(t->settings_fd, pin_dir);
	err = read_settings(t, pin_dir);
	if (err)
		return err;
#define X(name, ...)                                                           \
	if (t->name##_fd < 0)                                                  \
		t->name##_fd = open_map(pin_dir, #name, access);               \
	if (t->name##_fd < 0)                                                  \
		return fail_missing(pin_dir, #name, t->name##_fd);
	READERS_MAPS(X)
	if (access == TABLE_WRITE) {
		LOADERS_MAPS(X)
	}
#undef X
	err = check_maps(t, pin_dir);
	if (!err && access == TABLE_WRITE) {
		t->interfaces = map_slots(t->interfaces_fd);
		err = map_state(t, pin_dir);
	}
	return err;
}

void table_close(struct table *t)
{
	unmap_slots(t->interfaces);
	if (t->state)
		munmap(t->state, sizeof(*t->state));
#define X(name, ...) cleanup_fd(&t->name##_fd);
	PINNED_MAPS(X)
#undef X
	*t = (struct table)TABLE_CLOSED;
}

int table_walk(const struct table *t, rollcall_visit visit, void *context)
{
	struct rollcall_table reader = table_reader(t);

	return rollcall_walk(&reader, visit, context);
}

int table_lookup(const struct table *t, struct rollcall_entry *entry)
{
	return bpf_map_lookup_elem(t->peers_fd, &entry->key, &entry->peer) ? -errno : 0;
}

int table_entries_add(struct table_entries *list, const struct rollcall_entry *entry)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room + list->room / 2 : 64;
		struct rollcall_entry *entries = reallocarray(list->entries, room, sizeof(*entries));

		if (!entries)
			return -ENOMEM;
		list->entries = entries;
		list->room = room;
	}
	list->entries[list->count++] = *entry;
	return 0;
}

void table_entries_free(struct table_entries *list)
{
	free(list->entries);
	*list = (struct table_entries){};
}

bool table_filter_takes(const struct table_filter *filter, const struct rollcall_entry *entry)
{
	if (filter->family && filter->family != entry->key.family)
		return false;
	return !filter->glob || !fnmatch(filter->glob, entry->key.hostname, FNM_CASEFOLD);
}

struct filtering {
	const struct table *table;
	const struct table_filter *filter;
	uint64_t now_ns;
	rollcall_visit visit;
	void *context;
};

static int filter_entry(const struct rollcall_entry *entry, void *context)
{
	const struct filtering *filtering = context;

	if (!peer_is_live(filtering->table, &entry->peer, filtering->now_ns))
		return 0;
	if (filtering->filter && !table_filter_takes(filtering->filter, entry))
		return 0;
	return filtering->visit(entry, filtering->context);
}

int table_each(const struct table *t, const struct table_filter *filter, uint64_t now_ns, rollcall_visit visit,
	       void *context)
{
	struct filtering filtering = { t, filter, now_ns, visit, context };

	return table_walk(t, filter_entry, &filtering);
}

static int take_entry(const struct rollcall_entry *entry, void *context)
{
	return table_entries_add(context, entry);
}

int snapshot_take(const struct table *t, const struct table_filter *filter, struct snapshot *s)
{
	int err;

	*s = (struct snapshot){ .taken = clock_now() };
	err = table_each(t, filter, s->taken.boot_ns, take_entry, &s->list);
	if (!err)
		return 0;
	snapshot_free(s);
	return fail(err, NULL, "cannot read the table");
}

int table_state(const struct table *t, struct rollcall_state *state)
{
	uint32_t zero = 0;

	return bpf_map_lookup_elem(t->state_fd, &zero, state) ? fail(-errno, NULL, "cannot read the table's state") : 0;
}

void snapshot_free(struct snapshot *s)
{
	table_entries_free(&s->list);
}

int table_counts(const struct table *t, uint32_t slot, struct rollcall_counts *sum)
{
	int cpus = libbpf_num_possible_cpus();
	owned_heap struct rollcall_counts *counts = NULL;

	if (cpus < 0)
		return fail(cpus, NULL, "cannot tell the number of CPUs");
	counts = calloc((size_t)cpus, sizeof(*counts));
	if (!counts)
		return fail(-ENOMEM, NULL, "cannot read the counts");
	if (bpf_map_lookup_elem(t->outcomes_fd, &slot, counts))
		return fail(-errno, NULL, "cannot read the counts");
	*sum = (struct rollcall_counts){};
	for (int cpu = 0; cpu < cpus; cpu++) {
		for (int i = 0; i < ROLLCALL_OUTCOME_COUNT; i++)
			sum->outcomes[i] += counts[cpu].outcomes[i];
		sum->events_lost += counts[cpu].events_lost;
		if (counts[cpu].last_ns > sum->last_ns)
			sum->last_ns = counts[cpu].last_ns;
	}
	return 0;
}
