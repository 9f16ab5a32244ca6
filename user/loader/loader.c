// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Starting, following and stopping, each under the lock of the pin directory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "filter.h"
#include "iterator.h"
#include "lock.h"
#include "loader.h"
#include "base/clock.h"
#include "base/message.h"
#include "base/process.h"
#include "own_names.h"
#include "pinned_table.h"
#include "pins.h"
#include "readers.h"
#include "realtime.h"

/* How soon to look again whether another process has let go of the lock. */
#define TRY_AGAIN_NS (100 * NS_PER_MS)

/* By its name, or by an alternative name of the interface that has it now. */
static bool is_asked_for(const struct attach_request *request, const char *ifname)
{
	struct netdev dev;

	for (int i = 0; i < request->ifname_count; i++)
		if (!strcmp(request->ifnames[i], ifname) ||
		    (!netdev_query(request->ifnames[i], &dev) && !strcmp(dev.name, ifname)))
			return true;
	return false;
}

/*
 * Interfaces that were deleted since a loader left them attached: nothing else would forget them,
 * unless they are back and asked for (attachment_make()). What was received there may still be alive.
 */
static int forget_deleted(const struct loader *l)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int err = slots_read(&l->table, slots);

	for (uint32_t slot = 0; !err && slot < ROLLCALL_SLOTS; slot++) {
		struct attachment a = { .slot = slot, .record = slots[slot] };
		char name[IF_NAMESIZE];

		if (a.record.ifindex && !slot_has_loader(&l->table, &a.record) && !if_indextoname(a.record.ifindex, name) &&
		    !is_asked_for(l->request, a.record.ifname))
			err = attachment_drop(l->request->pin_dir, &l->table, &a);
	}
	return err;
}

static struct interface_owner owner_of(const struct loader *l)
{
	return (struct interface_owner){ l->request, &l->table, l->events_fd, l->attention.fd };
}

static int add_interface(struct loader *l, const char *name)
{
	struct interface_owner owner = owner_of(l);
	struct netdev dev;
	int err = netdev_find(name, &dev);

	if (err)
		return err;
	for (int i = 0; i < l->count; i++)
		if (l->interfaces[i].dev.ifindex == dev.ifindex)
			return 0; /* named twice */
	err = interface_open(&l->interfaces[l->count], &owner, &dev);
	if (!err)
		l->count++;
	return err;
}

static int add_interfaces(struct loader *l)
{
	const struct attach_request *request = l->request;
	int err = own_addresses_update(&l->own_addresses, &l->table); /* before the first frame comes */

	if (!err)
		err = own_names_update(&l->table); /* the same, should we be killed before they are complete */
	for (int i = 0; !err && i < request->ifname_count; i++) {
		struct netdev dev;

		err = netdev_find(request->ifnames[i], &dev); /* all, before the first is changed: some drivers reset the link */
	}
	for (int i = 0; !err && i < request->ifname_count; i++)
		err = add_interface(l, request->ifnames[i]);
	if (!err)
		err = own_names_update(&l->table); /* --hostname is in the records; purges what came in between */
	for (int i = 0; !err && i < l->count; i++)
		err = attachment_claim(&l->table, &l->interfaces[i].attachment);
	return err;
}

static void close_all(struct loader *l)
{
	for (int i = 0; i < l->count; i++)
		interface_close(&l->interfaces[i]);
	l->count = 0;
	cleanup_fd(&l->events_fd);
	l->events_fd = -1;
	table_close(&l->table);
	attention_close(&l->attention);
	scanner_close(&l->scanner);
	keymap_close(&l->keymap);
}

static void provide_iterator(const struct loader *l, bool published)
{
	const char *dirs[] = { l->request->pin_dir, published ? ROLLCALL_READERS_DIR : NULL, NULL };

	iterator_provide(dirs, &l->table);
}

/* What the filter needs to check seals, before it is attached. */
static int provide_for_seals(struct loader *l)
{
	realtime_publish(&l->table);
	return keymap_write(&l->keymap, &l->table);
}

int loader_start(struct loader *l, const struct attach_request *request)
{
	owned_fd lock = -1;
	int err;

	*l = (struct loader){ .request = request, .table = TABLE_CLOSED, .scanner = SCANNER_NONE,
			      .attention = ATTENTION_NONE, .events_fd = -1 };
	err = keymap_open(&l->keymap, request->key_file, request->keep_keys); /* a fault in the file leaves nothing behind */
	lock = err ? err : lock_take(l->request->pin_dir);
	if (lock < 0) {
		keymap_close(&l->keymap);
		return lock;
	}
	err = pinned_table_provide(&l->table, request);
	if (!err)
		err = provide_for_seals(l);
	if (!err)
		err = forget_deleted(l);
	if (!err) {
		provide_iterator(l, readers_publish(l->request->pin_dir, &l->table)); /* also where a kill came before it was made */
		attention_open(&l->attention, request->pin_dir);
		l->events_fd = filter_make_events();
		err = l->events_fd < 0 ? l->events_fd : add_interfaces(l);
	}
	if (!err) {
		scanner_open(&l->scanner, &l->table);
		l->table.scanner = l->scanner.scan_fd < 0 ? NULL : &l->scanner;
		return 0;
	}
	for (int i = 0; i < l->count; i++) {
		if (l->interfaces[i].attachment.taken_over)
			attachment_release(&l->table, &l->interfaces[i].attachment);
		else
			attachment_remove(l->request->pin_dir, &l->table, &l->interfaces[i].attachment);
	}
	if (l->table.interfaces_fd < 0 ? !pins_have_table(l->request->pin_dir) : !pinned_table_is_used(&l->table))
		pins_remove_table(l->request->pin_dir);
	close_all(l);
	return err;
}

/* Is what the record says still this loader's? */
static bool is_ours(const struct rollcall_attachment slots[ROLLCALL_SLOTS], const struct attachment *a)
{
	const struct rollcall_attachment *now = &slots[a->slot];

	return now->ifindex == a->record.ifindex && now->loader_pid == a->record.loader_pid &&
	       now->loader_start == a->record.loader_start;
}

/*
 * Drop interfaces that another process detached, and report them. Returns how many are left, or -errno,
 * reported.
 */
static int loader_check(struct loader *l)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int err = slots_read(&l->table, slots), kept = 0;

	if (err)
		return err;
	for (int i = 0; i < l->count; i++) {
		if (is_ours(slots, &l->interfaces[i].attachment)) {
			l->interfaces[kept++] = l->interfaces[i];
			continue;
		}
		warn("%s: detached by another process", l->interfaces[i].dev.name);
		interface_close(&l->interfaces[i]);
	}
	l->count = kept;
	return kept;
}

void loader_notice(struct loader *l, const struct netwatch_link *link)
{
	struct interface_owner owner = owner_of(l);

	for (int i = 0; i < l->count; i++)
		interface_notice(&l->interfaces[i], &owner, link);
}

/* Most notices change nothing here: for those nobody is kept waiting by the lock. */
static bool interfaces_have_changed(const struct loader *l)
{
	struct interface_owner owner = owner_of(l);

	for (int i = 0; i < l->count; i++)
		if (interface_has_changed(&l->interfaces[i], &owner))
			return true;
	return false;
}

/* Another process has the lock. It is not waited for: the loader has other things to do. */
static void loader_try_again(struct loader *l)
{
	uint64_t now_ns = rollcall_now_ns();
	char holder[LOCK_HOLDER_BYTES];

	l->waiting_since_ns = l->waiting_since_ns ? l->waiting_since_ns : now_ns;
	if (now_ns - l->waiting_since_ns > NS_PER_S && !l->waiting_reported) {
		warn("%s/lock: waiting for the lock, held by %s", l->request->pin_dir,
		     lock_holder_text(l->request->pin_dir, holder));
		l->waiting_reported = true;
	}
	attention_again(&l->attention, now_ns + TRY_AGAIN_NS);
}

int loader_follow(struct loader *l)
{
	struct interface_owner owner = owner_of(l);
	owned_fd lock = -1;
	int left;

	own_addresses_update(&l->own_addresses, &l->table);
	if (!interfaces_have_changed(l))
		return loader_check(l);
	lock = lock_try(l->request->pin_dir);
	if (lock == -EWOULDBLOCK) {
		loader_try_again(l);
		return loader_check(l);
	}
	l->waiting_since_ns = 0;
	l->waiting_reported = false;
	left = loader_check(l); /* a record that another process has just removed must not come back */
	for (int i = 0; lock >= 0 && i < left; i++)
		interface_follow(&l->interfaces[i], &owner);
	return left;
}

int loader_attend(struct loader *l)
{
	struct interface_owner owner = owner_of(l);

	attention_ack(&l->attention);
	for (int i = 0; i < l->count; i++)
		interface_attend(&l->interfaces[i], &owner);
	return loader_follow(l);
}

void loader_watch(struct loader *l)
{
	struct interface_owner owner = owner_of(l);

	for (int i = 0; i < l->count; i++)
		interface_watch(&l->interfaces[i], &owner);
}

int loader_stop(struct loader *l)
{
	owned_fd lock = lock_take_existing(l->request->pin_dir);
	int err = lock < 0 && lock != -ENOENT ? lock : 0;

	/* with no port left, whoever took the last one off has removed the table, or made another */
	if (lock >= 0 && loader_check(l) > 0) {
		for (int i = 0; i < l->count; i++) {
			int failed = attachment_remove(l->request->pin_dir, &l->table, &l->interfaces[i].attachment);

			err = err ? err : failed;
		}
		if (!pinned_table_is_used(&l->table))
			pins_remove_table(l->request->pin_dir);
		else
			own_names_update(&l->table);
	}
	close_all(l);
	return err;
}

void loader_leave(struct loader *l)
{
	owned_fd lock = lock_take_existing(l->request->pin_dir);

	if (lock >= 0 && loader_check(l) >= 0)
		for (int i = 0; i < l->count; i++)
			attachment_release(&l->table, &l->interfaces[i].attachment);
	close_all(l);
}
