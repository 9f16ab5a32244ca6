// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The order of the steps matters: a kill between any two of them leaves what the next attach or detach
 * can go on with. What an attach does, from the top down: takeover.c finds the slot, hooking.c attaches.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attachment.h"
#include "base/cleanup.h"
#include "base/message.h"
#include "base/process.h"
#include "mclist.h"
#include "peers.h"
#include "pins.h"
#include "takeover.h"

static int counts_clear(const struct table *t, uint32_t slot, const char *ifname)
{
	int cpus = libbpf_num_possible_cpus();
	owned_heap struct rollcall_counts *zero = calloc(cpus > 0 ? (size_t)cpus : 1, sizeof(*zero));
	int err = !zero || cpus < 0 ? -ENOMEM : 0;

	if (!err && bpf_map_update_elem(t->outcomes_fd, &slot, zero, BPF_ANY))
		err = -errno;
	return err ? fail(err, NULL, "cannot clear the counts of '%s'", ifname) : 0;
}

static int free_slot(const struct table *t, const struct attachment *a)
{
	struct rollcall_attachment none = {};

	return slot_write(t, a->slot, &none);
}

static void record_netdev(struct rollcall_attachment *record, const struct netdev *dev)
{
	record->ifindex = dev->ifindex;
	snprintf(record->ifname, sizeof(record->ifname), "%s", dev->name);
	memcpy(record->lladdr, dev->lladdr, sizeof(record->lladdr));
}

static void record_no_hook(struct rollcall_attachment *record)
{
	record->mode = ROLLCALL_MODE_NONE;
	record->made_qdisc = 0;
	record->offloads = 0;
}

bool attachment_counter_restarted(const struct attachment *a, const struct netdev *now)
{
	return now->received < a->record.received_before;
}

static void follow_counter(struct rollcall_attachment *record, const struct netdev *now)
{
	if (now->received < record->received_before)
		record->received_before = 0;
}

/* Some drivers reset their counter when XDP is attached. */
static void record_restart(const struct hooking *h, struct rollcall_attachment *record)
{
	struct netdev now;

	if (!netdev_query_index(h->dev->ifindex, &now))
		follow_counter(record, &now);
}

static int make_new(const struct hooking *h, struct attachment *a)
{
	int err = counts_clear(h->table, a->slot, h->dev->name);

	if (err)
		return err;
	a->record.received_before = h->dev->received;
	err = hooking_attach(h, a->slot, &a->record);
	if (err) {
		free_slot(h->table, a);
		return err;
	}
	record_restart(h, &a->record);
	err = slot_write(h->table, a->slot, &a->record);
	if (err)
		attachment_remove(h->dir, h->table, a);
	return err;
}

/* The interface rejects another mode: go on in the one before, as without a loader. */
static void restore(const struct hooking *h, struct attachment *a, enum rollcall_mode mode)
{
	const struct hook_order order = { { mode }, 1 };
	struct hooking before = *h;

	before.order = &order;
	before.quiet = true;
	if (make_new(&before, a))
		warn("%s: filter detached: it could not be attached in the mode that it had", h->dev->name);
	else
		verbose("'%s' is attached in mode %s, as before", h->dev->name, mode_name(mode));
}

static bool order_has(const struct hook_order *order, uint32_t mode)
{
	for (int i = 0; i < order->count; i++)
		if (order->modes[i] == mode)
			return true;
	return false;
}

/* The hook that the record names goes on with a new program, and no frame is missed. */
static int take_over(const struct hooking *h, struct attachment *a)
{
	int err = hooking_replace(h, a->slot, &a->record);

	if (err)
		return err;
	verbose("took over '%s' in mode %s", h->dev->name, mode_name(a->record.mode));
	a->taken_over = true;
	return slot_write(h->table, a->slot, &a->record);
}

/* Attach where the record names a hook that was made before, live or not. */
static int make_over(const struct hooking *h, struct attachment *a)
{
	bool was_live = hooking_is_live(h->dir, h->table, &a->record);
	enum rollcall_mode mode = a->record.mode;
	int err;

	if (was_live && order_has(h->order, mode))
		return take_over(h, a);
	/* an interface that came back under the same number, half an attach or detach, or another mode */
	err = hooking_remove(h->dir, h->table, &a->record);
	if (err)
		return err;
	err = make_new(h, a);
	if (err && was_live)
		restore(h, a, mode);
	return err;
}

/*
 * The interface of RECORD has another number now. Entries first: a kill before the record follows
 * leaves what the next attach can carry over again.
 */
static int carry_over(const struct hooking *h, const struct rollcall_attachment *record)
{
	int err = hooking_remove(h->dir, h->table, record);

	if (!err && record->ifindex != h->dev->ifindex)
		takeover_entries(h->dir, h->table, record->ifname, record->ifindex, h->dev->ifindex);
	return err;
}

int attachment_make(const struct hooking *h, const char *hostname, struct attachment *a)
{
	struct rollcall_attachment left;
	int err;

	*a = (struct attachment){};
	err = takeover_find(h->table, h->dev, &a->slot, &left);
	if (err)
		return err;
	if (left.ifindex && left.ifindex != h->dev->ifindex) {
		err = carry_over(h, &left);
		if (err)
			return err;
		a->taken_over = true;
	} else {
		a->record.mode = left.mode;
		a->record.made_qdisc = left.made_qdisc;
		a->record.made_entries = left.made_entries;
		a->record.offloads = left.offloads;
		a->record.received_before = left.received_before;
	}
	record_netdev(&a->record, h->dev);
	snprintf(a->record.hostname, sizeof(a->record.hostname), "%s", hostname ? hostname : "");
	return a->record.mode ? make_over(h, a) : make_new(h, a);
}

bool attachment_is_live(const char *dir, const struct table *t, const struct attachment *a)
{
	return hooking_is_live(dir, t, &a->record);
}

int attachment_lose(const char *dir, const struct table *t, struct attachment *a)
{
	int err = hooking_remove(dir, t, &a->record);

	if (err)
		return err;
	mclist_release(&t->settings, &a->record); /* a device that became a port of another is still there */
	a->record.made_entries = 0;
	record_no_hook(&a->record);
	return slot_write(t, a->slot, &a->record);
}

int attachment_note(const struct table *t, struct attachment *a, const struct netdev *dev)
{
	follow_counter(&a->record, dev);
	record_netdev(&a->record, dev);
	return slot_write(t, a->slot, &a->record);
}

int attachment_renew(const struct hooking *h, struct attachment *a)
{
	int failed, err = carry_over(h, &a->record);

	if (err)
		return err;
	if (a->record.ifindex != h->dev->ifindex) { /* another device: what was made went with the old one */
		a->record.made_entries = 0;
		a->record.received_before = h->dev->received;
	}
	record_no_hook(&a->record);
	err = attachment_note(h->table, a, h->dev);
	if (err)
		return err;
	err = hooking_attach(h, a->slot, &a->record);
	if (err) /* a mode is recorded before it is tried */
		record_no_hook(&a->record);
	failed = slot_write(h->table, a->slot, &a->record);
	return err ? err : failed;
}

int attachment_revive(const struct hooking *h, const struct attachment *a)
{
	return hooking_replace(h, a->slot, &a->record);
}

int attachment_claim(const struct table *t, struct attachment *a)
{
	process_set_loader(&a->record);
	return slot_write(t, a->slot, &a->record);
}

void attachment_release(const struct table *t, struct attachment *a)
{
	a->record.loader_pid = 0;
	slot_write(t, a->slot, &a->record);
}

int attachment_drop(const char *dir, const struct table *t, const struct attachment *a)
{
	int err = hooking_remove(dir, t, &a->record);

	if (err)
		return err;
	mclist_release(&t->settings, &a->record);
	return free_slot(t, a);
}

int attachment_remove(const char *dir, const struct table *t, const struct attachment *a)
{
	int err = hooking_remove(dir, t, &a->record);

	if (err)
		return err;
	mclist_release(&t->settings, &a->record);
	err = peers_forget(t, a->record.ifindex);
	if (err)
		warn("%s: some hosts stay listed until they expire: %s", a->record.ifname, strerror(-err));
	pins_touch(dir);
	return free_slot(t, a);
}
