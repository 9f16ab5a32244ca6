// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Decides when to read the table (on a hint, at a deadline, at a tick), and opens it again when it was replaced. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/hint.h"
#include "base/message.h"
#include "base/pidfd.h"
#include "base/process.h"
#include "base/text.h"
#include "lib/pin.h"
#include "lib/slots.h"
#include "reader.h"
#include "watcher.h"

#define TICK_NS NS_PER_S
/* Without hints, reads of the table take at most 1/TICK_SHARE of a CPU. */
#define TICK_SHARE 200
/* After a read of the table that took T, the next one waits for REST * T. */
#define REST 3
#define MIN_REST_NS (50 * NS_PER_MS)

static int wake_by(const struct watcher *w, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(w->fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static void forget_loader(struct watched_loader *loader)
{
	cleanup_fd(&loader->fd);
	loader->fd = -1;
}

/* Does /proc show the state of the loader? If not, it may be stopped, so no hints are expected from it. */
static bool shows_state(const struct rollcall_attachment *slot)
{
	enum process_life life = process_life(slot, false);

	return life == PROCESS_ALIVE || life == PROCESS_STOPPED;
}

static void watch_loader(const struct watcher *w, struct watched_loader *loader, const struct rollcall_attachment *slot)
{
	if (loader->pid == slot->loader_pid && loader->start == slot->loader_start)
		return; /* the same loader; if it has exited, it stays so */
	forget_loader(loader);
	*loader = (struct watched_loader){ slot->loader_pid, slot->loader_start, -1 };
	if (!slot->loader_pid)
		return;
	if (process_is_of_here(slot)) /* in another PID namespace the pid belongs to another process */
		loader->fd = pidfd_of((int)slot->loader_pid);
	/* checked after opening the pidfd, because another process may have got the pid */
	if (loader->fd >= 0 && (!shows_state(slot) || wake_by(w, loader->fd)))
		forget_loader(loader);
}

/* Read which interfaces are attached and by which loaders. Only live loaders send hints. */
static int follow_slots(struct watcher *w)
{
	int err = reader_slots(&w->table, w->slots);

	if (err)
		return err;
	for (int i = 0; i < ROLLCALL_SLOTS; i++) {
		watch_loader(w, &w->loaders[i], &w->slots[i]);
		if (w->slots[i].ifindex)
			w->names[i] = w->slots[i];
	}
	return 0;
}

static bool hints_come(const struct watcher *w)
{
	int attached = 0, led = 0;

	for (int i = 0; i < ROLLCALL_SLOTS; i++) {
		attached += w->slots[i].ifindex != 0;
		led += w->slots[i].ifindex && w->loaders[i].fd >= 0;
	}
	return w->pin_watch >= 0 && attached && led == attached;
}

/* Polled once per tick, because the kernel does not notify other processes of a stop. */
static bool loader_is_stopped(const struct watcher *w)
{
	for (int i = 0; i < ROLLCALL_SLOTS; i++)
		if (w->loaders[i].fd >= 0 && process_life(&w->slots[i], false) == PROCESS_STOPPED)
			return true;
	return false;
}

/* The time until the next read without a hint, after a read that took TOOK_NS. */
static uint64_t tick_ns(const struct watcher *w, uint64_t took_ns)
{
	uint64_t quarter = w->table.settings.expiry_ns / 4;
	uint64_t tick = took_ns < TICK_NS / TICK_SHARE ? TICK_NS : took_ns * TICK_SHARE;

	return w->open && quarter < tick ? quarter : tick;
}

/* Is the pin still the one that the table was opened from? */
static bool pin_is_same(const struct watcher *w)
{
	struct stat now;

	return !stat(w->pin, &now) && now.st_dev == w->pin_dev && now.st_ino == w->pin_ino;
}

static void close_table(struct watcher *w)
{
	if (w->pin_watch >= 0)
		inotify_rm_watch(w->inotify_fd, w->pin_watch); /* fails if the pin was removed, and the watch with it */
	w->pin_watch = -1;
	for (int i = 0; i < ROLLCALL_SLOTS; i++) {
		forget_loader(&w->loaders[i]);
		w->loaders[i] = (struct watched_loader){ .fd = -1 };
	}
	if (w->open)
		rollcall_close(&w->table);
	w->open = w->begun = w->awaits_interface = false;
	if (w->roster.selection.ifname)
		w->roster.selection.ifindex = 0; /* the next table may have another number for this name */
}

/*
 * Returns 0, -ENOENT if there is no table, or another -errno. It is reported, unless the pin was replaced during
 * opening.
 */
static int open_table(struct watcher *w)
{
	const char *dir = rollcall_dir(w->dir);
	struct stat pin = {};
	int err;

	snprintf(w->pin, sizeof(w->pin), "%s/peers", dir);
	if (!stat(w->pin, &pin)) {
		w->pin_dev = pin.st_dev;
		w->pin_ino = pin.st_ino;
	}
	err = reader_open(&w->table, dir);
	w->open = !err;
	if (!err) {
		/* before the first read, so that no hint after it is missed */
		w->pin_watch = w->inotify_fd < 0 ? -1 : inotify_add_watch(w->inotify_fd, w->pin, IN_ATTRIB);
		if (w->pin_watch < 0)
			verbose("changes of '%s' go unnoticed, so it is looked at every second", w->pin);
		err = pin_is_same(w) ? 0 : -ENOENT;
	}
	if (err)
		close_table(w);
	return err;
}

static bool table_is_missing(const struct watcher *w)
{
	char settings[PATH_MAX + sizeof("/settings")];

	snprintf(settings, sizeof(settings), "%s/settings", rollcall_dir(w->dir));
	return access(settings, F_OK) && errno == ENOENT;
}

/*
 * A missing table is not a failure. A table that cannot be opened may be half created or half removed, so the first
 * failure is ignored. It is reported and final if opening fails again at the next tick.
 */
static int try_to_open(struct watcher *w)
{
	bool is_final = w->refusals > 0;
	int err;

	if (table_is_missing(w)) {
		w->refusals = 0;
		return 0;
	}
	message_expect_failure(!is_final);
	err = open_table(w);
	message_expect_failure(false);
	if (!err || err == -ENOENT) {
		w->refusals = 0;
		return 0;
	}
	w->refusals++;
	return is_final ? err : 0;
}

/*
 * For WATCHER_REPORTS_TABLE. If bpf(2) itself fails, no table can ever be read: that is an error, even without a table.
 */
static int open_first(struct watcher *w)
{
	struct selection *selection = &w->roster.selection;
	int err;

	message_expect_failure(true);
	err = open_table(w);
	message_expect_failure(false);
	if (!err && selection->ifname)
		return reader_interface(&w->table, selection->ifname, &selection->ifindex);
	if (err == -ENOENT)
		warn("no table in '%s': waiting for 'rollcall attach%s'", w->dir, hint_pin_dir());
	else if (err && table_is_missing(w))
		return open_table(w);
	return 0;
}

int watcher_open(struct watcher *w, const char *dir, const struct selection *selection, enum watcher_start start)
{
	int err;

	*w = (struct watcher){
		.dir = dir, .roster.selection = *selection, .pin_watch = -1,
		.fd = epoll_create1(EPOLL_CLOEXEC), .timer = clock_timer(), .pulse = clock_timer(),
		.inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC),
		.silent = start == WATCHER_OF_LOADER,
	};
	for (int i = 0; i < ROLLCALL_SLOTS; i++)
		w->loaders[i].fd = -1;
	err = w->fd < 0 ? -errno : w->timer < 0 ? w->timer : w->pulse < 0 ? w->pulse : wake_by(w, w->timer);
	if (!err) {
		clock_timer_set_in(w->pulse, TICK_NS);
		err = wake_by(w, w->pulse);
	}
	if (!err && w->inotify_fd >= 0)
		err = wake_by(w, w->inotify_fd);
	if (err)
		return fail(err, NULL, "cannot wait for changes of the table");
	return start == WATCHER_REPORTS_TABLE ? open_first(w) : 0;
}

/* Read and clear all wake-ups. */
static void take_hints(struct watcher *w)
{
	struct epoll_event events[ROLLCALL_SLOTS + 3];
	int count = epoll_wait(w->fd, events, ROLLCALL_SLOTS + 3, 0);
	char notices[4096] __attribute__((aligned(8))); /* not evaluated: any notice is a hint */

	for (int i = 0; i < count; i++) {
		int fd = events[i].data.fd;

		if (fd == w->timer) {
			clock_timer_ack(w->timer);
			continue;
		}
		if (fd == w->pulse) {
			clock_timer_ack(w->pulse);
			clock_timer_set_in(w->pulse, tick_ns(w, 0));
			w->hinted |= loader_is_stopped(w);
			continue;
		}
		w->hinted = true;
		if (fd == w->inotify_fd)
			while (read(fd, notices, sizeof(notices)) > 0)
				;
		for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
			if (fd == w->loaders[slot].fd)
				forget_loader(&w->loaders[slot]);
	}
}

/*
 * Is the number of the selected interface known? It is looked up by name when the table was opened, and when the
 * interface was recreated.
 */
static bool find_interface(struct watcher *w)
{
	struct selection *s = &w->roster.selection;
	char text[TEXT_ARGUMENT];

	if (!s->ifname || (s->ifindex && slot_find(w->slots, s->ifindex) >= 0))
		return true;
	message_expect_failure(true);
	reader_interface(&w->table, s->ifname, &s->ifindex);
	message_expect_failure(false);
	if (!s->ifindex && !w->awaits_interface && !w->silent)
		warn("interface '%s' is not attached: waiting for 'rollcall attach %s%s'", text_argument(s->ifname, text), text,
		     hint_pin_dir());
	w->awaits_interface = !s->ifindex;
	return s->ifindex;
}

/* Called before the first entries of a table are reported. */
static void begin(struct watcher *w, struct roster_input *at)
{
	struct table_info info = { .settings = &w->table.settings, .slots = w->slots, .now = clock_now() };
	struct event event = { .event = "resync", .reason = "table", .boot_ns = info.now.boot_ns };

	w->begun = true;
	at->reason = "present";
	if (!w->lost)
		return;
	if (!w->silent)
		warn("table in '%s': created: the hosts in it follow", w->dir);
	at->tell(&info, &event, at->context);
}

static int look(struct watcher *w, struct roster_input *at)
{
	int err;

	if (!pin_is_same(w)) {
		roster_dismiss(&w->roster, at);
		close_table(w);
		w->lost = true;
		if (!w->silent)
			warn("table in '%s': removed: waiting for the next 'rollcall attach%s'", w->dir, hint_pin_dir());
		return 0;
	}
	err = follow_slots(w);
	if (err || !find_interface(w))
		return err;
	if (!w->begun)
		begin(w, at);
	err = roster_update(&w->roster, at);
	w->looks++;
	return err ? fail(err, NULL, "cannot read the table") : 0;
}

static int look_or_open(struct watcher *w, roster_tell tell, void *context)
{
	struct roster_input at = {
		.table = &w->table, .slots = w->slots, .names = w->names, .reason = "announced",
		.tell = tell, .context = context,
	};
	int err = w->open ? 0 : try_to_open(w);

	return err || !w->open ? err : look(w, &at);
}

int watcher_turn(struct watcher *w, roster_tell tell, void *context)
{
	uint64_t now_ns, end_ns, took_ns, due_ns;
	int err;

	take_hints(w);
	now_ns = rollcall_now_ns();
	if (!w->hinted && now_ns < w->due_ns)
		return 0; /* the timer is set */
	if (now_ns < w->not_before_ns) {
		clock_timer_set(w->timer, w->not_before_ns);
		return 0;
	}
	w->hinted = false;
	err = look_or_open(w, tell, context);
	end_ns = rollcall_now_ns();
	took_ns = end_ns - now_ns;
	w->not_before_ns = end_ns + (took_ns < MIN_REST_NS / REST ? MIN_REST_NS : REST * took_ns);
	due_ns = roster_due_ns(&w->roster, &w->table.settings, end_ns);
	if (!w->begun || !hints_come(w))
		due_ns = due_ns < end_ns + tick_ns(w, took_ns) ? due_ns : end_ns + tick_ns(w, took_ns);
	w->due_ns = due_ns > w->not_before_ns ? due_ns : w->not_before_ns;
	clock_timer_set(w->timer, w->due_ns == UINT64_MAX ? 0 : w->due_ns);
	return err;
}

void watcher_hint(struct watcher *w)
{
	w->hinted = true;
	clock_timer_set(w->timer, 1); /* watcher_turn() waits for the rest, if that is not over */
}

void watcher_finish(struct watcher *w, roster_tell tell, void *context)
{
	message_expect_failure(true);
	if (w->open)
		look_or_open(w, tell, context);
	message_expect_failure(false);
}

void watcher_close(struct watcher *w)
{
	close_table(w);
	roster_free(&w->roster);
	cleanup_fd(&w->inotify_fd);
	cleanup_fd(&w->timer);
	cleanup_fd(&w->pulse);
	cleanup_fd(&w->fd);
}
