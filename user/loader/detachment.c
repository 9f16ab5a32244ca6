// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Detaching under the lock of the pin directory, and waiting for loaders after it. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include <rollcall/rollcall.h>

#include "attachment.h"
#include "base/cleanup.h"
#include "base/message.h"
#include "base/process.h"
#include "base/pidfd.h"
#include "detachment.h"
#include "lock.h"
#include "own_names.h"
#include "pinned_table.h"
#include "pins.h"
#include "readers.h"
#include "settings.h"

/* How long `detach` waits for a loader to notice that its last interface is gone. */
#define LET_GO_MS 2000

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
		if (loader >= 0 && process_loader(&a.record)) { /* asked after the opening: it is that process */
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

int detachment_make(const char *dir, const char *name)
{
	int pidfds[ROLLCALL_SLOTS], waiting = 0, err;
	int lock = lock_take_existing(dir);
	struct table t;

	if (lock < 0 && lock != -ENOENT)
		return lock;
	err = table_open(&t, dir);
	if (!err)
		err = settings_check_netns(&t.settings, dir);
	if (!err)
		err = detach_wanted(dir, &t, name, pidfds, &waiting);
	if (!err && !pinned_table_is_used(&t))
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
