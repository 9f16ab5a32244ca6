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
#include "cleanup.h"
#include "message.h"
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

/*
 * Is MODE worth trying after native XDP failed with ERR? Another XDP program there (EBUSY in the same
 * mode, EEXIST in the other) is left alone: beside it only tc has a place.
 */
static bool worth_trying(enum rollcall_mode mode, int err)
{
	return mode != ROLLCALL_MODE_GENERIC || (err != -EBUSY && err != -EEXIST);
}

static const char *hook_remedy(const struct hook_order *order, int err)
{
	if (order->count > 1)
		return "-v tells what was tried";
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
		owned_fd prog = -1;

		if (!worth_trying(hook.mode, native_err))
			continue;
		prog = load_for(spec, a->slot, hook.mode);
		if (prog < 0)
			return prog;
		hook_prepare(&hook);
		err = record_hook(spec, a, &hook);
		if (err)
			return err;
		err = hook_attach(&hook, pin, prog);
		if (!err) {
			verbose("attached to '%s' in mode %s", spec->dev->name, mode_name(hook.mode));
			a->record.made_qdisc = hook.made_qdisc;
			return 0;
		}
		verbose("'%s' does not take mode %s: %s", spec->dev->name, mode_name(hook.mode), strerror(-err));
		if (hook.mode == ROLLCALL_MODE_NATIVE)
			native_err = err;
	}
	return fail(err, hook_remedy(spec->order, err), "cannot attach to '%s'", spec->dev->name);
}

static int make_new(const struct attachment_spec *spec, struct attachment *a, const char *pin)
{
	struct rollcall_attachment free_slot = {};
	int err = counts_clear(spec->table, a->slot);

	if (err)
		return fail(err, NULL, "cannot clear the counts of '%s'", spec->dev->name);
	err = hook_in(spec, a, pin);
	if (err) {
		slot_write(spec->table, a->slot, &free_slot);
		return err;
	}
	err = slot_write(spec->table, a->slot, &a->record);
	if (err)
		attachment_remove(spec->dir, spec->table, a);
	return err;
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

int attachment_make(const struct attachment_spec *spec, struct attachment *a)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int slot, pid, err = slots_read(spec->table, slots);
	char pin[PATH_MAX];
	struct hook old;

	if (err)
		return err;
	*a = (struct attachment){};
	slot = slot_find(slots, spec->dev->ifindex);
	if (slot >= 0) {
		pid = slot_loader(&slots[slot]);
		if (pid)
			return fail(0, "stop it first", "'%s' is attached already, by the loader with pid %d",
				    spec->dev->name, pid);
		a->record.mode = slots[slot].mode;
		a->record.made_qdisc = slots[slot].made_qdisc;
	} else {
		slot = slot_find(slots, 0);
		if (slot < 0)
			return fail(-ENOSPC, "another --pin-dir has a table of its own",
				    "%d interfaces are attached already", ROLLCALL_SLOTS);
	}
	a->slot = (uint32_t)slot;
	a->record.ifindex = spec->dev->ifindex;
	snprintf(a->record.ifname, sizeof(a->record.ifname), "%s", spec->dev->name);
	memcpy(a->record.lladdr, spec->dev->lladdr, sizeof(a->record.lladdr));
	snprintf(a->record.hostname, sizeof(a->record.hostname), "%s", spec->hostname ? spec->hostname : "");

	pins_link_path(spec->dir, spec->dev->ifindex, pin);
	old = hook_of(&a->record);
	if (old.mode && order_has(spec->order, old.mode) && hook_is_live(&old, pin))
		return take_over(spec, a, pin);
	/* an interface that came back under the same number, half an attach or detach, or another mode */
	err = old.mode ? hook_detach(&old, pin) : 0;
	if (err)
		return fail(err, NULL, "cannot take the old filter off '%s'", spec->dev->name);
	return make_new(spec, a, pin);
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

struct forgetting {
	const struct table *table;
	uint32_t ifindex;
};

static int forget_entry(const struct table_entry *entry, void *context)
{
	const struct forgetting *f = context;

	if (entry->key.ifindex == f->ifindex)
		bpf_map_delete_elem(f->table->peers_fd, &entry->key);
	return 0;
}

int attachment_remove(const char *dir, const struct table *t, const struct attachment *a)
{
	struct rollcall_attachment free_slot = {};
	struct forgetting forgetting = { t, a->record.ifindex };
	struct hook hook = hook_of(&a->record);
	char pin[PATH_MAX];
	int err = hook_detach(&hook, pins_link_path(dir, a->record.ifindex, pin));

	if (err)
		return fail(err, NULL, "cannot take the filter off '%s'", a->record.ifname);
	err = table_walk(t, forget_entry, &forgetting);
	if (err)
		warn("some peers heard on '%s' stay listed until they expire: %s", a->record.ifname, strerror(-err));
	return slot_write(t, a->slot, &free_slot);
}
