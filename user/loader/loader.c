// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Starting, stopping and detaching, each under the lock of the pin directory. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "discard.h"
#include "iterator.h"
#include "loader.h"
#include "base/message.h"
#include "own_addresses.h"
#include "own_names.h"
#include "base/pidfd.h"
#include "pins.h"
#include "settings.h"

/* How long `detach` waits for a loader to notice that its last interface is gone. */
#define LET_GO_MS 2000

static bool table_is_used(const struct table *t)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];

	if (slots_read(t, slots))
		return true;
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex)
			return true;
	return false;
}

/* As table_open(), but a layout that is to be replaced is no error to tell. */
static int open_table(struct loader *l, bool replace)
{
	int err;

	message_expect_failure(replace);
	err = table_open(&l->table, l->dir, TABLE_WRITE);
	message_expect_failure(false);
	if (!err || err == TABLE_OTHER_LAYOUT || !replace)
		return err;
	table_close(&l->table);
	return table_open(&l->table, l->dir, TABLE_WRITE); /* to say it */
}

/* The pinned table if there is one that suits, else a new one. */
static int open_or_make_table(struct loader *l, const struct options *o)
{
	struct rollcall_settings settings = o->settings;
	int err = settings_here(&settings);

	if (err)
		return err;
	if (pins_have_table(l->dir)) {
		err = open_table(l, option_given(o, OPT_REPLACE));
		if (!err)
			err = settings_agree(&l->table.settings, &settings, o);
		if (!err)
			return 0;
		if (!option_given(o, OPT_REPLACE))
			return err;
		if (err != TABLE_OTHER_LAYOUT && err != -EEXIST && err != -EXDEV)
			return err;
		err = discard_table(l->dir, &l->table, err);
		table_close(&l->table);
		if (err)
			return err;
	}
	pins_remove_links(l->dir); /* of a start or an end that was killed half way */
	pins_remove_maps(l->dir);
	err = filter_make_table(l->dir, &settings);
	return err ? err : table_open(&l->table, l->dir, TABLE_WRITE);
}

static bool is_asked_for(const struct options *o, const char *ifname)
{
	for (int i = 0; i < o->arg_count; i++)
		if (!strcmp(o->args[i], ifname))
			return true;
	return false;
}

/*
 * Interfaces that were deleted since a loader left them attached: nothing else would forget them,
 * unless they are back and asked for (attachment_make()). What was heard there may still be alive.
 */
static int forget_deleted(const struct loader *l)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int err = slots_read(&l->table, slots);

	for (uint32_t slot = 0; !err && slot < ROLLCALL_SLOTS; slot++) {
		struct attachment a = { .slot = slot, .record = slots[slot] };
		char name[IF_NAMESIZE];

		if (a.record.ifindex && !slot_loader(&a.record) && !if_indextoname(a.record.ifindex, name) &&
		    !is_asked_for(l->options, a.record.ifname))
			err = attachment_drop(l->dir, &l->table, &a);
	}
	return err;
}

static struct port_owner owner_of(const struct loader *l)
{
	return (struct port_owner){ l->dir, &l->table, l->options, l->events_fd };
}

static int add_port(struct loader *l, const char *name)
{
	struct port_owner owner = owner_of(l);
	struct netdev dev;
	int err = netdev_find(name, &dev);

	if (err)
		return err;
	for (int i = 0; i < l->count; i++)
		if (l->ports[i].dev.ifindex == dev.ifindex)
			return 0; /* named twice */
	err = port_open(&l->ports[l->count], &owner, &dev);
	if (!err)
		l->count++;
	return err;
}

static int add_ports(struct loader *l)
{
	const struct options *o = l->options;
	int err = own_addresses_update(&l->table); /* before the first frame comes */

	if (!err)
		err = own_names_update(&l->table); /* the same, should we be killed before they are complete */
	for (int i = 0; !err && i < o->arg_count; i++)
		err = add_port(l, o->args[i]);
	if (!err)
		err = own_names_update(&l->table); /* --hostname is in the records; purges what came in between */
	for (int i = 0; !err && i < l->count; i++)
		err = attachment_claim(&l->table, &l->ports[i].attachment);
	return err;
}

static void close_all(struct loader *l)
{
	for (int i = 0; i < l->count; i++)
		port_close(&l->ports[i]);
	l->count = 0;
	cleanup_fd(&l->events_fd);
	l->events_fd = -1;
	table_close(&l->table);
	scanner_close(&l->scanner);
	readers_close(&l->readers);
}

static void provide_iterator(const struct loader *l)
{
	const char *dirs[] = { l->dir, l->readers.mount_fd < 0 ? NULL : ROLLCALL_READERS_DIR, NULL };

	iterator_provide(dirs, &l->table);
}

int loader_start(struct loader *l, const struct options *o)
{
	owned_fd lock = -1;
	int err;

	*l = (struct loader){ .dir = o->pin_dir, .options = o, .table = TABLE_CLOSED, .scanner = SCANNER_NONE,
			      .readers = READERS_NONE, .events_fd = -1 };
	lock = pins_lock(l->dir);
	if (lock < 0)
		return lock;
	err = open_or_make_table(l, o);
	if (!err)
		err = forget_deleted(l);
	if (!err) {
		readers_publish(&l->readers, l->dir, &l->table);
		provide_iterator(l); /* also where a kill came before it was made */
		l->events_fd = filter_make_events();
		err = l->events_fd < 0 ? l->events_fd : add_ports(l);
	}
	if (!err) {
		scanner_open(&l->scanner, &l->table);
		l->table.scanner = l->scanner.scan_fd < 0 ? NULL : &l->scanner;
		return 0;
	}
	for (int i = 0; i < l->count; i++) {
		if (l->ports[i].attachment.taken_over)
			attachment_release(&l->table, &l->ports[i].attachment);
		else
			attachment_remove(l->dir, &l->table, &l->ports[i].attachment);
	}
	if (l->table.interfaces_fd < 0 ? !pins_have_table(l->dir) : !table_is_used(&l->table))
		pins_remove_table(l->dir);
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

int loader_check(struct loader *l)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int err = slots_read(&l->table, slots), kept = 0;

	if (err)
		return err;
	for (int i = 0; i < l->count; i++) {
		if (is_ours(slots, &l->ports[i].attachment)) {
			l->ports[kept++] = l->ports[i];
			continue;
		}
		warn("'%s' was detached by somebody else", l->ports[i].dev.name);
		port_close(&l->ports[i]);
	}
	l->count = kept;
	return kept;
}

void loader_notice(struct loader *l, const struct netwatch_link *link)
{
	for (int i = 0; i < l->count; i++)
		port_notice(&l->ports[i], link);
}

/* Most notices change nothing here: for those nobody is kept waiting by the lock. */
static bool ports_have_changed(const struct loader *l)
{
	struct port_owner owner = owner_of(l);

	for (int i = 0; i < l->count; i++)
		if (port_has_changed(&l->ports[i], &owner))
			return true;
	return false;
}

int loader_follow(struct loader *l)
{
	struct port_owner owner = owner_of(l);
	owned_fd lock = -1;
	int left;

	own_addresses_update(&l->table);
	if (!ports_have_changed(l))
		return l->count;
	lock = pins_lock_existing(l->dir);
	if (lock < 0)
		return lock == -ENOENT ? loader_check(l) : lock;
	left = loader_check(l); /* a record that somebody has just taken off must not come back */
	for (int i = 0; i < left; i++)
		port_follow(&l->ports[i], &owner);
	return left;
}

uint64_t loader_events_lost(const struct loader *l)
{
	struct rollcall_counts counts;
	uint64_t lost = 0;

	for (int i = 0; i < l->count; i++)
		if (!table_counts(&l->table, l->ports[i].attachment.slot, &counts))
			lost += counts.events_lost;
	return lost;
}

void loader_watch(struct loader *l)
{
	struct port_owner owner = owner_of(l);

	for (int i = 0; i < l->count; i++)
		port_watch(&l->ports[i], &owner);
}

int loader_stop(struct loader *l)
{
	owned_fd lock = pins_lock_existing(l->dir);
	int err = lock < 0 && lock != -ENOENT ? lock : 0;

	/* with no port left, whoever took the last one off has removed the table, or made another */
	if (lock >= 0 && loader_check(l) > 0) {
		for (int i = 0; i < l->count; i++) {
			int failed = attachment_remove(l->dir, &l->table, &l->ports[i].attachment);

			err = err ? err : failed;
		}
		if (!table_is_used(&l->table))
			pins_remove_table(l->dir);
		else
			own_names_update(&l->table);
	}
	close_all(l);
	return err;
}

void loader_leave(struct loader *l)
{
	owned_fd lock = pins_lock_existing(l->dir);

	if (lock >= 0 && loader_check(l) >= 0)
		for (int i = 0; i < l->count; i++)
			attachment_release(&l->table, &l->ports[i].attachment);
	close_all(l);
}

/* Wait for loaders whose last interface was taken away, so that nothing of them is left behind. */
static void wait_for(const int *pidfds, int count)
{
	for (int i = 0; i < count; i++) {
		if (!pidfd_wait(pidfds[i], LET_GO_MS))
			verbose("a loader does not end");
		close(pidfds[i]);
	}
}

static bool has_port(const struct rollcall_attachment slots[ROLLCALL_SLOTS], uint32_t loader_pid)
{
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex && slots[slot].loader_pid == loader_pid)
			return true;
	return false;
}

static bool is_wanted(const struct rollcall_attachment *record, const char *name)
{
	return record->ifindex && (!name || !strcmp(record->ifname, name));
}

/*
 * Detach what is wanted and tell its living loaders; those that have nothing left go into
 * PIDFDS. Returns 0 or -errno, said.
 */
static int detach_wanted(const char *dir, const struct table *t, const char *name, int *pidfds, int *waiting)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	uint32_t pids[ROLLCALL_SLOTS];
	int told = 0, found = 0, err = slots_read(t, slots);

	for (uint32_t slot = 0; !err && slot < ROLLCALL_SLOTS; slot++) {
		struct attachment a = { .slot = slot, .record = slots[slot] };
		int loader;

		if (!is_wanted(&a.record, name))
			continue;
		found++;
		loader = pidfd_of((int)a.record.loader_pid);
		if (loader >= 0 && slot_loader(&a.record)) { /* asked after the opening: it is that process */
			/* before anything is undone: should we be killed then, nobody believes that it has a filter */
			pids[told] = a.record.loader_pid;
			attachment_release(t, &a);
			slots[slot] = a.record;
			pidfd_signal(loader, LOADER_CHECK_SIGNAL);
			pidfds[told++] = loader;
		} else {
			cleanup_fd(&loader);
		}
		err = attachment_remove(dir, t, &a);
		if (!err)
			slots[slot].ifindex = 0;
	}
	for (int i = 0; i < told; i++) {
		if (has_port(slots, pids[i]))
			close(pidfds[i]);
		else
			pidfds[(*waiting)++] = pidfds[i];
	}
	if (err || found || !name)
		return err;
	return fail(0, "'rollcall status' shows what is attached", "nothing is attached to '%s' in '%s'", name, dir);
}

int loader_detach(const char *dir, const char *name)
{
	int pidfds[ROLLCALL_SLOTS], waiting = 0, err;
	int lock = pins_lock_existing(dir);
	struct table t;

	if (lock < 0 && lock != -ENOENT)
		return lock;
	err = table_open(&t, dir, TABLE_WRITE);
	if (!err)
		err = settings_check_netns(&t.settings, dir);
	if (!err)
		err = detach_wanted(dir, &t, name, pidfds, &waiting);
	if (!err && !table_is_used(&t))
		pins_remove_table(dir);
	else if (!err)
		own_names_update(&t);
	else if (err == -ENOENT && lock >= 0)
		pins_remove_leftovers(dir);
	table_close(&t);
	cleanup_fd(&lock); /* before waiting: the loaders may want it for their end */
	wait_for(pidfds, waiting);
	if (!strcmp(dir, ROLLCALL_PIN_DIR))
		readers_unmount();
	return err;
}
