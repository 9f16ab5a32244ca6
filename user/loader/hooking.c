// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What each mode needs of the kernel is in hook.c; what the program is made of is in filter.c. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "filter.h"
#include "hooking.h"
#include "net/hooks.h"
#include "net/offloads.h"
#include "pins.h"

/*
 * The handle of the table's clsact filters: the id of its map `peers`, which no other table has while a program
 * holds that map.
 */
static uint32_t handle_of(const struct table *t)
{
	struct bpf_map_info info = {};
	uint32_t bytes = sizeof(info);

	return bpf_obj_get_info_by_fd(t->peers_fd, &info, &bytes) ? 0 : info.id;
}

static struct hook hook_of(const struct table *t, const struct rollcall_attachment *record)
{
	return (struct hook){
		.ifindex = record->ifindex,
		.mode = record->mode,
		.handle = handle_of(t),
		.made_qdisc = record->made_qdisc,
	};
}

static int hooking_load(const struct hooking *h, uint32_t slot, enum rollcall_mode mode)
{
	struct filter_spec filter = {
		.table = h->table,
		.events_fd = h->events_fd,
		.slot = slot,
		.consume = h->consume,
		.tc = hook_is_tc(mode),
		.ifindex = h->dev->ifindex,
		.bare = netdev_link(h->dev) == NETDEV_BARE,
		.no_ipv4 = h->no_ipv4,
		.no_ipv6 = h->no_ipv6,
	};

	return filter_load(&filter);
}

/* Another XDP program is there, in the same mode or in the other. */
static bool is_taken(int err)
{
	return err == -EBUSY || err == -EEXIST;
}

/*
 * Why MODE is not tried after native XDP failed with NATIVE_ERR, or NULL. Another XDP program is left
 * alone: only tc runs beside it.
 */
static const char *not_worth(const struct netdev *dev, enum rollcall_mode mode, int native_err)
{
	if (hook_is_tc(mode))
		return NULL;
	if (netdev_link(dev) == NETDEV_BARE)
		return "XDP requires Ethernet headers";
	return mode == ROLLCALL_MODE_GENERIC && is_taken(native_err) ? "another XDP program is there" : NULL;
}

/* What was tried, and why it failed. */
struct attempt {
	struct hook hook;
	int err;
	bool loaded;		     /* it failed after the program was loaded */
	char why[NETLINK_WHY_BYTES]; /* in the kernel's words, or "" */
};

/* What the errors of drivers and kernels commonly mean, where the kernel does not say. */
static const char *meaning(enum rollcall_mode mode, int err)
{
	if (!hook_is_tc(mode) && is_taken(err))
		return "another XDP program is there";
	if (mode == ROLLCALL_MODE_NATIVE && err == -EOPNOTSUPP)
		return "the driver has no XDP, or not with the MTU and the offloads that are set";
	if (mode == ROLLCALL_MODE_NATIVE && err == -ERANGE)
		return "the MTU is too large for its XDP";
	if (mode == ROLLCALL_MODE_TCX && err == -EOPNOTSUPP)
		return "it needs Linux 6.6";
	if (mode == ROLLCALL_MODE_CLSACT && err == -EINVAL)
		return "priority 2 has filters of another kind, or for another protocol";
	return "";
}

/* The first mode alone was tried, or all of the order. TEXT has room for NETLINK_WHY_BYTES and what is added. */
static const char *remedy(const struct hooking *h, const struct attempt *a, char *text, size_t room)
{
	const struct hook_order *order = h->order;
	enum rollcall_mode mode = order->modes[0];

	int err = a->err;

	if (order->count > 1)
		return "-v prints each attempt";
	if (not_worth(h->dev, mode, 0))
		return "it has no Ethernet headers; try --mode tc";
	if (is_taken(err))
		return hook_is_tc(mode) ? HOOK_CLSACT_REMOVE("IFACE") "what is in the place" :
					  "another XDP program is there; --mode tc runs beside it";
	if (mode == ROLLCALL_MODE_TCX && err == -EOPNOTSUPP)
		return "mode tcx needs Linux 6.6; try --mode clsact";
	if (hook_is_tc(mode) && !*meaning(mode, err))
		return "try --mode auto";
	snprintf(text, room, "%s; try --mode auto",
		 *a->why ? a->why : hook_is_tc(mode) ? meaning(mode, err) : "the driver does not take it");
	return text;
}

/* What was turned off for XDP is left off when it goes. */
static void restore_offloads(const struct rollcall_attachment *record)
{
	struct netdev dev;
	uint8_t wanted, left;

	/* another interface may have got the number */
	if (!record->offloads || netdev_query_index(record->ifindex, &dev) ||
	    (strcmp(dev.name, record->ifname) && memcmp(dev.lladdr, record->lladdr, sizeof(dev.lladdr))))
		return;
	wanted = record->offloads;
	if (offloads_forwarding(dev.name))
		wanted &= (uint8_t)~ROLLCALL_OFFLOAD_LRO;
	left = wanted ? offloads_turn_on(record->ifindex, wanted) : 0;
	if (left)
		warn("%s: %s was turned off for XDP and cannot be turned on again; see 'ethtool -K %s'", dev.name,
		     offloads_text(left), dev.name);
}

/* What a driver says of a program, the MTU or its queues, and would say again; all else may be gone the next time. */
static bool is_refusal(int err)
{
	return err == -EOPNOTSUPP || err == -EINVAL || err == -ERANGE || err == -ENOSPC || err == -E2BIG;
}

/* One mode: load, record, attach. Returns 0 or -errno. */
static int try_mode(const struct hooking *h, uint32_t slot, struct rollcall_attachment *record, struct attempt *a)
{
	struct hook *hook = &a->hook;
	owned_fd prog = hooking_load(h, slot, hook->mode);
	char pin[PATH_MAX];
	int err;

	if (prog < 0)
		return prog;
	hook_prepare(hook);
	record->mode = hook->mode;
	record->made_qdisc = hook->made_qdisc;
	record->offloads = hook_is_tc(hook->mode) ? 0 : offloads_on(hook->ifindex);
	err = slot_write(h->table, slot, record);
	if (err)
		return err;
	a->loaded = true;
	err = hook_attach(hook, pins_link_path(h->dir, hook->ifindex, pin), prog);
	record->made_qdisc = hook->made_qdisc;
	if (err && !hook->linked && is_refusal(err) && hook->mode == ROLLCALL_MODE_NATIVE)
		hooks_native_refusal(hook->ifindex, prog, a->why);
	if (err)
		restore_offloads(record);
	return err;
}

static void tell_refusal(const struct hooking *h, const struct attempt *a)
{
	const char *why = *a->why ? a->why : meaning(a->hook.mode, a->err);

	verbose("'%s' does not take mode %s: %s%s%s%s", h->dev->name, mode_name(a->hook.mode), strerror(-a->err),
		*why ? " (" : "", why, *why ? ")" : "");
}

int hooking_attach(const struct hooking *h, uint32_t slot, struct rollcall_attachment *record)
{
	struct attempt attempt = {};
	char text[NETLINK_WHY_BYTES + 32];
	int native_err = 0;

	for (int i = 0; i < h->order->count; i++) {
		const struct hook hook = {
			.ifindex = h->dev->ifindex, .mode = h->order->modes[i], .handle = handle_of(h->table),
		};
		const char *why_not = not_worth(h->dev, hook.mode, native_err);

		if (why_not) {
			verbose("'%s': mode %s is not tried: %s", h->dev->name, mode_name(hook.mode), why_not);
			attempt.err = attempt.err ? attempt.err : -EOPNOTSUPP;
			continue;
		}
		attempt = (struct attempt){ .hook = hook };
		attempt.err = try_mode(h, slot, record, &attempt);
		if (!attempt.err) {
			verbose("attached to '%s' in mode %s", h->dev->name, mode_name(hook.mode));
			return 0;
		}
		if (!attempt.loaded) /* reported; another mode would fail as well */
			return attempt.err;
		tell_refusal(h, &attempt);
		if (hook.mode == ROLLCALL_MODE_NATIVE)
			native_err = attempt.err;
	}
	return h->quiet ? attempt.err :
			  fail(attempt.err, remedy(h, &attempt, text, sizeof(text)), "cannot attach to '%s'", h->dev->name);
}

int hooking_replace(const struct hooking *h, uint32_t slot, const struct rollcall_attachment *record)
{
	struct hook hook = hook_of(h->table, record);
	owned_fd prog = hooking_load(h, slot, hook.mode);
	char pin[PATH_MAX];
	int err;

	if (prog < 0)
		return prog;
	err = hook_replace(&hook, pins_link_path(h->dir, hook.ifindex, pin), prog);
	return err ? fail(err, NULL, "cannot replace the filter at '%s'", h->dev->name) : 0;
}

bool hooking_is_live(const char *dir, const struct table *t, const struct rollcall_attachment *record)
{
	struct hook hook = hook_of(t, record);
	char pin[PATH_MAX];

	return hook.mode && hook_is_live(&hook, pins_link_path(dir, hook.ifindex, pin));
}

int hooking_remove(const char *dir, const struct table *t, const struct rollcall_attachment *record)
{
	struct hook hook = hook_of(t, record);
	char pin[PATH_MAX];
	int err = hook_detach(&hook, pins_link_path(dir, record->ifindex, pin));

	if (err)
		return fail(err, NULL, "cannot take the filter off '%s'", record->ifname);
	restore_offloads(record);
	return 0;
}
