// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A record is of a dead loader as long as slot_has_loader() does not know a living one. */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "base/hint.h"
#include "base/message.h"
#include "base/process.h"
#include "peers.h"
#include "pins.h"
#include "takeover.h"

/* The slot of an interface by its name, if no interface has the recorded number now. */
static int find_lost(const struct rollcall_attachment slots[ROLLCALL_SLOTS], const char *ifname)
{
	int slot = slot_find_name(slots, ifname);
	char name[IF_NAMESIZE];

	return slot >= 0 && !if_indextoname(slots[slot].ifindex, name) ? slot : -ENOENT;
}

/* May it be taken over? Returns 0 or -errno, reported. */
static int check_loader(const struct table *t, const struct rollcall_attachment *left, const struct netdev *dev)
{
	unsigned int pid = left->loader_pid;

	if (!slot_has_loader(t, left))
		return 0;
	if (strcmp(left->ifname, dev->name))
		return fail(0, "another --pin-dir has a table of its own",
			    "'%s' has the number of '%s', for which the loader with pid %u waits", dev->name,
			    left->ifname, pid);
	if (!process_is_of_here(left))
		return fail(0, hint_text("stop it first, or 'rollcall detach%s'", hint_pin_dir()),
			    "'%s' is attached already, by the loader with pid %u of another PID namespace", dev->name,
			    pid);
	return fail(0, slot_loader_remedy(left), "'%s' is attached already, by the loader with pid %u", dev->name, pid);
}

int takeover_find(const struct table *t, const struct netdev *dev, uint32_t *slot, struct rollcall_attachment *left)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int found, err = slots_read(t, slots);

	if (err)
		return err;
	found = slot_find(slots, dev->ifindex);
	if (found < 0)
		found = find_lost(slots, dev->name);
	if (found < 0)
		found = slot_find(slots, 0);
	if (found < 0)
		return fail(-ENOSPC, "another --pin-dir has a table of its own",
			    "%d interfaces are attached already", ROLLCALL_SLOTS);
	*slot = (uint32_t)found;
	*left = slots[found];
	return left->ifindex ? check_loader(t, left, dev) : 0;
}

void takeover_entries(const char *dir, const struct table *t, const char *ifname, uint32_t from, uint32_t to)
{
	int err = peers_carry_over(t, from, to);

	if (err)
		warn("%s: some hosts are listed under its former number until they expire: %s", ifname,
		     strerror(-err));
	pins_touch(dir);
}
