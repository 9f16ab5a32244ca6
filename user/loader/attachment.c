// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Order matters here: a kill between any two steps leaves what the next attach can take over. What
 * is to be made is recorded before it is made, and its record goes when all of it has gone.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attachment.h"
#include "base/cleanup.h"
#include "mclist.h"
#include "base/message.h"
#include "peers.h"
#include "pins.h"

static struct hook hook_of(const struct rollcall_attachment *record)
{
	return (struct hook){ .ifindex = record->ifindex, .mode = record->mode, .made_qdisc = record->made_qdisc };
}

static int load_for(const struct attachment_spec *spec, uint32_t slot, enum rollcall_mode mode)
{
	struct filter_spec filter = {
		.table = spec->table,
		.events_fd = spec->events_fd,
		.slot = slot,
		.consume = spec->consume,
		.tc = hook_is_tc(mode),
		.bare = netdev_link(spec->dev) == NETDEV_BARE,
	};

	return filter_load(&filter);
}

static int counts_clear(const struct table *t, uint32_t slot)
{
	int cpus = libbpf_num_possible_cpus();
	owned_heap struct rollcall_counts *zero = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*zero));

	if (!zero || cpus < 0)
		return -ENOMEM;
	return bpf_map_update_elem(t->outcomes_fd, &slot, zero, BPF_ANY) ? -errno : 0;
}

/* Another XDP program is there, in the same mode or in the other. */
static bool is_taken(int err)
{
	return err == -EBUSY || err == -EEXIST;
}

/*
 * Why MODE is not worth trying after native XDP failed with NATIVE_ERR, or NULL. Another XDP program is
 * left alone: beside it only tc has a place.
 */
static const char *not_worth(const struct netdev *dev, enum rollcall_mode mode, int native_err)
{
	if (hook_is_tc(mode))
		return NULL;
	if (netdev_link(dev) == NETDEV_BARE)
		return "without Ethernet headers XDP cannot tell what comes in";
	return mode == ROLLCALL_MODE_GENERIC && is_taken(native_err) ? "another XDP program is there" : NULL;
}

/* What the errors of drivers and kernels commonly mean; more than their number is not handed out. */
static const char *reason(enum rollcall_mode mode, int err)
{
	if (!hook_is_tc(mode) && is_taken(err))
		return " (another XDP program is there)";
	if (mode == ROLLCALL_MODE_NATIVE && err == -EOPNOTSUPP)
		return " (the driver has no XDP)";
	if (mode == ROLLCALL_MODE_NATIVE && err == -ERANGE)
		return " (the MTU is too large for its XDP)";
	if (mode == ROLLCALL_MODE_TCX && err == -EINVAL)
		return " (it needs Linux 6.6)";
	return "";
}

static const char *hook_remedy(const struct attachment_spec *spec, int err)
{
	const struct hook_order *order = spec->order;

	if (order->count > 1)
		return "-v tells what was tried";
	if (not_worth(spec->dev, order->modes[0], 0))
		return "it has no Ethernet headers; try --mode tc";
	if (err == -EBUSY || err == -EEXIST)
		return hook_is_tc(order->modes[0]) ? "'tc filter del dev IFACE ingress pref 49001' removes what is in the place" :
						     "another XDP program is there; --mode tc runs beside it";
	return "the driver does not take it; try --mode auto";
}

static int record_hook(const struct attachment_spec *spec, struct attachment *a, const struct hook *hook)
{
	a->record.mode = hook->mode;
	a->record.made_qdisc = hook->made_qdisc;
	return slot_write(spec->table, a->slot, &a->record);
}

static int hook_in(const struct attachment_spec *spec, struct attachment *a, const char *pin)
{
	int err = 0, native_err = 0;

	for (int i = 0; i < spec->order->count; i++) {
		struct hook hook = { .ifindex = spec->dev->ifindex, .mode = spec->order->modes[i] };
		const char *why_not = not_worth(spec->dev, hook.mode, native_err);
		owned_fd prog = -1;

		if (why_not) {
			verbose("'%s': mode %s is not tried: %s", spec->dev->name, mode_name(hook.mode), why_not);
			err = err ? err : -EOPNOTSUPP;
			continue;
		}
		prog = load_for(spec, a->slot, hook.mode);
		if (prog < 0)
			return prog;
		hook_prepare(&hook);
		err = record_hook(spec, a, &hook);
		if (err)
			return err;
		err = hook_attach(&hook, pin, prog);
		if (!err) {
			if (is_taken(native_err))
				warn("another XDP program is on '%s': attached beside it in mode %s", spec->dev->name,
				     mode_name(hook.mode));
			else
				verbose("attached to '%s' in mode %s", spec->dev->name, mode_name(hook.mode));
			a->record.made_qdisc = hook.made_qdisc;
			return 0;
		}
		verbose("'%s' does not take mode %s: %s%s", spec->dev->name, mode_name(hook.mode), strerror(-err),
			reason(hook.mode, err));
		if (hook.mode == ROLLCALL_MODE_NATIVE)
			native_err = err;
	}
	if (spec->quiet)
		return err;
	return fail(err, hook_remedy(spec, err), "cannot attach to '%s'", spec->dev->name);
}

static int free_slot(const struct table *t, const struct attachment *a)
{
	struct rollcall_attachment none = {};

	return slot_write(t, a->slot, &none);
}

static int make_new(const struct attachment_spec *spec, struct attachment *a, const char *pin)
{
	int err = counts_clear(spec->table, a->slot);

	a->record.received_before = spec->dev->received;
	if (err)
		return fail(err, NULL, "cannot clear the counts of '%s'", spec->dev->name);
	err = hook_in(spec, a, pin);
	if (err) {
		free_slot(spec->table, a);
		return err;
	}
	err = slot_write(spec->table, a->slot, &a->record);
	if (err)
		attachment_remove(spec->dir, spec->table, a);
	return err;
}

/* The interface refuses another mode: go on in the one before, as without a loader. */
static void restore(const struct attachment_spec *spec, struct attachment *a, enum rollcall_mode mode, const char *pin)
{
	const struct hook_order order = { { mode }, 1 };
	struct attachment_spec before = *spec;

	before.order = &order;
	before.quiet = true;
	if (make_new(&before, a, pin))
		warn("nothing is attached to '%s' any more", spec->dev->name);
	else
		verbose("'%s' is attached in mode %s, as before", spec->dev->name, mode_name(mode));
}

static bool order_has(const struct hook_order *order, uint32_t mode)
{
	for (int i = 0; i < order->count; i++)
		if (order->modes[i] == mode)
			return true;
	return false;
}

/* What a dead loader left: the same hook goes on with a new program, and no frame is missed. */
static int take_over(const struct attachment_spec *spec, struct attachment *a, const char *pin)
{
	struct hook hook = hook_of(&a->record);
	owned_fd prog = load_for(spec, a->slot, hook.mode);
	int err;

	if (prog < 0)
		return prog;
	err = hook_replace(&hook, pin, prog);
	if (err)
		return fail(err, NULL, "cannot replace the filter at '%s'", spec->dev->name);
	verbose("took over '%s' in mode %s", spec->dev->name, mode_name(hook.mode));
	a->taken_over = true;
	return slot_write(spec->table, a->slot, &a->record);
}

static void record_netdev(struct rollcall_attachment *record, const struct netdev *dev)
{
	record->ifindex = dev->ifindex;
	snprintf(record->ifname, sizeof(record->ifname), "%s", dev->name);
	memcpy(record->lladdr, dev->lladdr, sizeof(record->lladdr));
}

/* Take off the hook of RECORD. Returns 0 or -errno, said. */
static int unhook(const char *dir, const struct rollcall_attachment *record)
{
	struct hook hook = hook_of(record);
	char pin[PATH_MAX];
	int err = hook_detach(&hook, pins_link_path(dir, record->ifindex, pin));

	return err ? fail(err, NULL, "cannot take the filter off '%s'", record->ifname) : 0;
}

/*
 * The interface of RECORD has another number now. Entries first: a kill before the record follows
 * leaves what the next attach can carry over again.
 */
static int carry_over(const struct attachment_spec *spec, const struct rollcall_attachment *record)
{
	int err = unhook(spec->dir, record);

	if (err || record->ifindex == spec->dev->ifindex)
		return err;
	err = peers_carry_over(spec->table, record->ifindex, spec->dev->ifindex);
	if (err)
		warn("some peers heard on '%s' are listed by its former number until they expire: %s",
		     record->ifname, strerror(-err));
	pins_touch(spec->dir);
	return 0;
}

/* The slot of an interface under its name, whose number is not here any more. */
static int find_lost(const struct rollcall_attachment slots[ROLLCALL_SLOTS], const char *ifname)
{
	int slot = slot_find_name(slots, ifname);
	char name[IF_NAMESIZE];

	return slot >= 0 && !if_indextoname(slots[slot].ifindex, name) ? slot : -ENOENT;
}

int attachment_make(const struct attachment_spec *spec, struct attachment *a)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int slot, pid, err = slots_read(spec->table, slots);
	char pin[PATH_MAX];
	struct hook old;
	bool was_live;

	if (err)
		return err;
	*a = (struct attachment){};
	slot = slot_find(slots, spec->dev->ifindex);
	if (slot < 0)
		slot = find_lost(slots, spec->dev->name);
	if (slot >= 0) {
		pid = slot_loader(&slots[slot]);
		if (pid && strcmp(slots[slot].ifname, spec->dev->name))
			return fail(0, "another --pin-dir has a table of its own",
				    "'%s' has the number of '%s', for which the loader with pid %d waits",
				    spec->dev->name, slots[slot].ifname, pid);
		if (pid)
			return fail(0, "stop it first", "'%s' is attached already, by the loader with pid %d",
				    spec->dev->name, pid);
		if (slots[slot].ifindex == spec->dev->ifindex) {
			a->record.mode = slots[slot].mode;
			a->record.made_qdisc = slots[slot].made_qdisc;
			a->record.made_entries = slots[slot].made_entries;
			a->record.received_before = slots[slot].received_before;
		} else {
			err = carry_over(spec, &slots[slot]);
			if (err)
				return err;
			a->taken_over = true;
		}
	} else {
		slot = slot_find(slots, 0);
		if (slot < 0)
			return fail(-ENOSPC, "another --pin-dir has a table of its own",
				    "%d interfaces are attached already", ROLLCALL_SLOTS);
	}
	a->slot = (uint32_t)slot;
	record_netdev(&a->record, spec->dev);
	snprintf(a->record.hostname, sizeof(a->record.hostname), "%s", spec->hostname ? spec->hostname : "");

	pins_link_path(spec->dir, spec->dev->ifindex, pin);
	old = hook_of(&a->record);
	if (old.mode && order_has(spec->order, old.mode) && hook_is_live(&old, pin))
		return take_over(spec, a, pin);
	/* an interface that came back under the same number, half an attach or detach, or another mode */
	was_live = old.mode && hook_is_live(&old, pin);
	err = old.mode ? hook_detach(&old, pin) : 0;
	if (err)
		return fail(err, NULL, "cannot take the old filter off '%s'", spec->dev->name);
	err = make_new(spec, a, pin);
	if (err && was_live)
		restore(spec, a, old.mode, pin);
	return err;
}

bool attachment_is_live(const char *dir, const struct attachment *a)
{
	struct hook hook = hook_of(&a->record);
	char pin[PATH_MAX];

	return hook.mode && hook_is_live(&hook, pins_link_path(dir, hook.ifindex, pin));
}

static void record_no_hook(struct rollcall_attachment *record)
{
	record->mode = ROLLCALL_MODE_NONE;
	record->made_qdisc = 0;
}

int attachment_lose(const char *dir, const struct table *t, struct attachment *a)
{
	int err = unhook(dir, &a->record);

	if (err)
		return err;
	mclist_release(&t->settings, &a->record); /* a device that became a port of another is still there */
	a->record.made_entries = 0;
	record_no_hook(&a->record);
	return slot_write(t, a->slot, &a->record);
}

int attachment_note(const struct table *t, struct attachment *a, const struct netdev *dev)
{
	record_netdev(&a->record, dev);
	return slot_write(t, a->slot, &a->record);
}

int attachment_renew(const struct attachment_spec *spec, struct attachment *a)
{
	int failed, err = carry_over(spec, &a->record);
	char pin[PATH_MAX];

	if (err)
		return err;
	if (a->record.ifindex != spec->dev->ifindex) { /* another device: what was made went with the old one */
		a->record.made_entries = 0;
		a->record.received_before = spec->dev->received;
	}
	record_no_hook(&a->record);
	err = attachment_note(spec->table, a, spec->dev);
	if (err)
		return err;
	err = hook_in(spec, a, pins_link_path(spec->dir, spec->dev->ifindex, pin));
	if (err) /* it is recorded before it is tried */
		record_no_hook(&a->record);
	failed = slot_write(spec->table, a->slot, &a->record);
	return err ? err : failed;
}

int attachment_claim(const struct table *t, struct attachment *a)
{
	slot_set_loader(&a->record);
	return slot_write(t, a->slot, &a->record);
}

void attachment_release(const struct table *t, struct attachment *a)
{
	a->record.loader_pid = 0;
	slot_write(t, a->slot, &a->record);
}

int attachment_remove(const char *dir, const struct table *t, const struct attachment *a)
{
	int err = unhook(dir, &a->record);

	if (err)
		return err;
	mclist_release(&t->settings, &a->record);
	err = peers_forget(t, a->record.ifindex);
	if (err)
		warn("some peers heard on '%s' stay listed until they expire: %s", a->record.ifname, strerror(-err));
	pins_touch(dir);
	return free_slot(t, a);
}

int attachment_drop(const char *dir, const struct table *t, const struct attachment *a)
{
	int err = unhook(dir, &a->record);

	if (err)
		return err;
	mclist_release(&t->settings, &a->record);
	return free_slot(t, a);
}
