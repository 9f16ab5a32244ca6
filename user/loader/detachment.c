// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Detaching under the lock of the pin directory, and waiting for loaders after it. */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include <rollcall/rollcall.h>

#include "attachment.h"
#include "base/cleanup.h"
#include "base/hint.h"
#include "base/message.h"
#include "base/process.h"
#include "base/pidfd.h"
#include "base/text.h"
#include "detachment.h"
#include "lock.h"
#include "own_names.h"
#include "pinned_table.h"
#include "pins.h"
#include "readers.h"
#include "settings.h"

/* How long `detach` waits for a loader to notice that its last interface is gone. */
#define LET_GO_MS 2000

/* Loaders that have no interface left: they are waited for, so that nothing of them is left behind. */
struct ending {
	int pidfds[ROLLCALL_SLOTS];
	int count;
};

static void ending_wait(struct ending *e)
{
	for (int i = 0; i < e->count; i++) {
		if (!pidfd_wait(e->pidfds[i], LET_GO_MS))
			verbose("a loader does not end");
		close(e->pidfds[i]);
	}
}

static bool has_interface(const struct rollcall_attachment slots[ROLLCALL_SLOTS], uint32_t loader_pid)
{
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex && slots[slot].loader_pid == loader_pid)
			return true;
	return false;
}

/*
 * What to detach: the interface that has the name now, by its number. If no record has that number, the record of an
 * interface that is gone, by the name that is remembered: its loader, or the next attach, waits for that name.
 */
struct wanted {
	const char *name; /* as given; NULL: all */
	uint32_t ifindex; /* 0: no record has the number of the interface */
};

/* The name is resolved once. Returns 0 or -errno, reported. */
static int wanted_resolve(const char *name, const struct rollcall_attachment slots[ROLLCALL_SLOTS], struct wanted *w)
{
	struct netdev dev;
	int err = name ? netdev_query(name, &dev) : -ENODEV;

	*w = (struct wanted){ .name = name };
	if (!err && slot_find(slots, dev.ifindex) >= 0)
		w->ifindex = dev.ifindex;
	return err && err != -ENODEV ? fail(err, NULL, "cannot ask rtnetlink about '%s'", name) : 0;
}

static bool is_wanted(const struct rollcall_attachment *record, const struct wanted *w)
{
	char name[IF_NAMESIZE];

	if (!record->ifindex || !w->name)
		return record->ifindex;
	if (w->ifindex)
		return record->ifindex == w->ifindex;
	return !strcmp(record->ifname, w->name) && !if_indextoname(record->ifindex, name);
}

/* Detach SLOT. The loader that has it goes into E if it has no interface in SLOTS but this one. */
static int detach_one(const char *dir, const struct table *t, uint32_t slot,
		      struct rollcall_attachment slots[ROLLCALL_SLOTS], struct ending *e)
{
	struct attachment a = { .slot = slot, .record = slots[slot] };
	uint32_t pid = a.record.loader_pid;
	owned_fd loader = pid && process_is_of_here(&a.record) ? pidfd_of((int)pid) : -1;
	int err;

	/* asked after the opening: it is that process */
	if (loader >= 0 && !process_loader(&a.record, table_is_swept(t)))
		cleanup_fd(&loader), loader = -1;
	/* before anything is undone: after a kill the record does not say that the loader has a filter */
	if (pid)
		attachment_release(t, &a);
	err = attachment_remove(dir, t, &a);
	slots[slot] = a.record;
	if (!err)
		slots[slot].ifindex = 0;
	if (!err && loader >= 0 && !has_interface(slots, pid))
		e->pidfds[e->count++] = take_fd(&loader);
	return err;
}

static int fail_not_attached(const char *name, const char *dir, const char *remedy)
{
	char text[TEXT_ARGUMENT];

	return fail(0, remedy, "nothing is attached to '%s' in '%s'", text_argument(name, text), dir);
}

/* Detach the interface NAME, or all. Returns 0 or -errno, reported. */
static int detach_wanted(const char *dir, const struct table *t, const char *name, struct ending *e)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct wanted wanted;
	int found = 0, err = slots_read(t, slots);

	if (!err)
		err = wanted_resolve(name, slots, &wanted);
	for (uint32_t slot = 0; !err && slot < ROLLCALL_SLOTS; slot++) {
		if (!is_wanted(&slots[slot], &wanted))
			continue;
		found++;
		err = detach_one(dir, t, slot, slots, e);
	}
	if (found)
		pins_touch_attachments(dir);
	if (err || found || !name)
		return err;
	return fail_not_attached(name, dir, hint_text("'rollcall status%s' shows what is attached", hint_pin_dir()));
}

/* For all of the default table the lock is taken also where there is none: what is mounted for readers is unmounted. */
static int detachment_lock(const char *dir, bool all)
{
	int lock = lock_take_leftovers(dir);

	if (lock != -ENOENT || !all || strcmp(dir, ROLLCALL_PIN_DIR) || !readers_are_mounted())
		return lock;
	message_expect_failure(true);
	lock = lock_take(dir);
	message_expect_failure(false);
	return lock < 0 ? -ENOENT : lock;
}

/* There is no table, so that only another failure than -ENOENT is reported: bpf(2) may be forbidden. */
static int detachment_open_none(struct table *t, const char *dir)
{
	int err;

	message_expect_failure(true);
	err = table_open(t, dir);
	message_expect_failure(false);
	return err && err != -ENOENT ? table_open(t, dir) : err;
}

int detachment_make(const char *dir, const char *name)
{
	int lock = detachment_lock(dir, !name), err;
	struct ending ending = {};
	struct table t = TABLE_CLOSED;
	bool is_nothing; /* there is no table: with --all that is no failure */

	if (lock < 0 && lock != -ENOENT)
		return lock;
	is_nothing = pins_lack_table(dir);
	err = !is_nothing ? table_open(&t, dir) : name ? detachment_open_none(&t, dir) : -ENOENT;
	if (!err)
		err = settings_check_netns(&t.settings, dir);
	if (!err)
		err = detach_wanted(dir, &t, name, &ending);
	if (!err && !pinned_table_is_used(&t))
		pins_remove_table(dir);
	else if (!err)
		own_names_update(&t);
	else if (err == -ENOENT && lock >= 0)
		pins_remove_leftovers(dir);
	if (!name && lock >= 0 && !strcmp(dir, ROLLCALL_PIN_DIR))
		readers_unmount(); /* under the lock: an attach may just have mounted it */
	table_close(&t);
	cleanup_fd(&lock); /* before waiting: the loaders may want it for their end */
	ending_wait(&ending);
	if (!is_nothing || err != -ENOENT)
		return err;
	if (name)
		return fail_not_attached(name, dir, "name the directory of its table with --pin-dir");
	inform("nothing is attached in '%s'", dir);
	return 0;
}
