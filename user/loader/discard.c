// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Removing tables that are not wanted. What suits is opened in loader.c. */
#include <bpf/bpf.h>
#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>

#include "attachment.h"
#include "base/cleanup.h"
#include "discard.h"
#include "lock.h"
#include "base/message.h"
#include "base/process.h"
#include "pins.h"

#define X(name, ...) +1 /* NOLINT(bugprone-macro-parentheses) */
enum { PINNED_COUNT = 0 PINNED_MAPS(X) };
#undef X

/* The ids of the maps pinned in DIR; 0 where there is none. */
static void pinned_ids(const char *dir, uint32_t ids[PINNED_COUNT])
{
	static const char *const names[PINNED_COUNT] = {
#define X(name, ...) #name,
		PINNED_MAPS(X)
#undef X
	};

	for (int i = 0; i < PINNED_COUNT; i++) {
		char path[PATH_MAX];
		owned_fd map = bpf_obj_get(pins_path(dir, names[i], path));
		struct bpf_map_info info = {};
		uint32_t bytes = sizeof(info);

		ids[i] = map >= 0 && !bpf_obj_get_info_by_fd(map, &info, &bytes) ? info.id : 0;
	}
}

/* Does the program use one of these maps? Returns 1, 0 or -errno: only root may ask. */
static int uses_one(uint32_t prog_id, const uint32_t ids[PINNED_COUNT])
{
	owned_fd prog = bpf_prog_get_fd_by_id(prog_id);
	uint32_t used[32] = {};
	struct bpf_prog_info info = { .nr_map_ids = sizeof(used) / sizeof(used[0]), .map_ids = (uintptr_t)used };
	uint32_t bytes = sizeof(info);

	if (prog < 0)
		return prog;
	if (bpf_obj_get_info_by_fd(prog, &info, &bytes))
		return -errno;
	for (uint32_t i = 0; i < info.nr_map_ids && i < sizeof(used) / sizeof(used[0]); i++)
		for (int j = 0; j < PINNED_COUNT; j++)
			if (used[i] == ids[j])
				return 1;
	return 0;
}

/* The filters on the clsact qdisc of an interface that record into one of these maps. */
static void discard_filters(const struct if_nameindex *iface, const uint32_t ids[PINNED_COUNT])
{
	struct hook_clsact found[HOOK_CLSACT_MAX];
	int count = hook_clsact_list(iface->if_index, found);

	for (int i = 0; i < count; i++) {
		struct hook hook = {
			.ifindex = iface->if_index, .mode = ROLLCALL_MODE_CLSACT, .handle = found[i].handle,
		};
		int uses = uses_one(found[i].prog_id, ids);
		int err = uses > 0 ? hook_detach(&hook, NULL) : uses;

		if (err)
			warn("a filter of the old table may be left at '%s': %s (" HOOK_CLSACT_REMOVE("%s") "it)", iface->if_name,
			     strerror(-err), iface->if_name);
		else if (uses)
			warn("%s: the clsact qdisc stays: it is not known which program made it ('tc qdisc del dev %s clsact' removes it)",
			     iface->if_name, iface->if_name);
	}
}

/* A loader of a layout that cannot be read: the lock of the sweeper tells. Returns 0 or -errno, reported. */
static int check_sweeper(const char *dir)
{
	owned_fd part = lock_try_sweep(dir);
	int pid = 0;

	if (part == -EWOULDBLOCK)
		pid = lock_sweeper(dir);
	else if (!lock_has_old_sweeper(dir, &pid))
		return 0;
	return fail(0, "stop it first", "the loader with pid %d uses the table in '%s'", pid, dir);
}

/* Remove what records into the table, though the table does not tell where that is. */
static int discard_unreadable(const char *dir)
{
	uint32_t ids[PINNED_COUNT];
	struct if_nameindex *all;
	int err = check_sweeper(dir);

	if (err)
		return err;
	pinned_ids(dir, ids);
	all = if_nameindex();
	for (const struct if_nameindex *one = all; one && one->if_index; one++)
		discard_filters(one, ids);
	if_freenameindex(all);
	return 0;
}

/* Take the attachment of SLOT off, if it is of this namespace; its interface is not ours to touch otherwise. */
static int discard_attachment(const char *dir, const struct table *t, uint32_t slot,
			      const struct rollcall_attachment *record, bool elsewhere)
{
	struct attachment a = { .slot = slot, .record = *record };

	if (!record->ifindex)
		return 0;
	if (!elsewhere)
		return attachment_remove(dir, t, &a);
	if (record->mode == ROLLCALL_MODE_CLSACT)
		warn("the filter at '%s' of another network namespace stays: there, " HOOK_CLSACT_REMOVE("%s") "it", record->ifname,
		     record->ifname);
	return 0;
}

static int discard_readable(const char *dir, const struct table *t, bool elsewhere)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int err = slots_read(t, slots);

	for (int slot = 0; !err && slot < ROLLCALL_SLOTS; slot++) {
		if (slots[slot].ifindex && slot_has_loader(t, &slots[slot]))
			return fail(0, slot_loader_remedy(&slots[slot]), "the loader with pid %u uses the table in '%s'",
				    slots[slot].loader_pid, dir);
	}
	for (uint32_t slot = 0; !err && slot < ROLLCALL_SLOTS; slot++)
		err = discard_attachment(dir, t, slot, &slots[slot], elsewhere);
	return err;
}

int discard_table(const char *dir, const struct table *t, int disagreement)
{
	int err = disagreement == TABLE_OTHER_LAYOUT ? discard_unreadable(dir) :
						       discard_readable(dir, t, disagreement == -EXDEV);

	if (err)
		return err;
	pins_remove_links(dir); /* what hangs by them goes too */
	pins_remove_maps(dir);
	return 0;
}
