// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Two watches. That of the directory notices a file that replaces the old one, as most editors do it, also a symbolic
 * link. That of the file itself notices what is written to it through another path. A file that was created, and has
 * not been closed, is not read: it may be incomplete.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdalign.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "cleanup.h"
#include "keywatch.h"
#include "message.h"

#define DIRECTORY_EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR)
#define FILE_EVENTS	 (IN_CLOSE_WRITE | IN_ATTRIB)

/* A replaced file or directory is another inode, which requires another watch. */
static void watch_again(const struct keywatch *w, int *watch, const char *path, uint32_t events)
{
	int fresh = inotify_add_watch(w->fd, path, events);

	if (*watch >= 0 && *watch != fresh)
		inotify_rm_watch(w->fd, *watch); /* fails if the kernel has removed it with the inode */
	*watch = fresh;
}

static void watch_path(struct keywatch *w)
{
	char dir[PATH_MAX];

	watch_again(w, &w->file, w->path, FILE_EVENTS);
	memcpy(dir, w->path, strlen(w->path) + 1); /* keywatch_open() has checked the length */
	watch_again(w, &w->directory, dirname(dir), DIRECTORY_EVENTS);
}

/* NOTIFIED: there was an event. Without one an empty file has just been created, and the end of writing is an event. */
static bool has_changed(struct keywatch *w, bool notified)
{
	struct stat now = {};
	bool same;

	if (stat(w->path, &now))
		now = (struct stat){}; /* there is no file: it has no inode number */
	else if (!notified && !now.st_size)
		return false;
	same = now.st_dev == w->seen.st_dev && now.st_ino == w->seen.st_ino && now.st_size == w->seen.st_size &&
	       now.st_mode == w->seen.st_mode && now.st_uid == w->seen.st_uid &&
	       !memcmp(&now.st_mtim, &w->seen.st_mtim, sizeof(now.st_mtim)) &&
	       !memcmp(&now.st_ctim, &w->seen.st_ctim, sizeof(now.st_ctim));
	w->seen = now;
	return !same;
}

void keywatch_open(struct keywatch *w, const char *path)
{
	*w = (struct keywatch)KEYWATCH_NONE;
	w->path = path;
	if (keyfile_is_credential(path) || strlen(path) >= PATH_MAX)
		return;
	w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->fd < 0) {
		verbose("key file '%s': changes go unnoticed: %s", path, strerror(errno));
		return;
	}
	watch_path(w);
	has_changed(w, true);
}

void keywatch_close(struct keywatch *w)
{
	if (w->fd >= 0)
		cleanup_fd(&w->fd);
	*w = (struct keywatch)KEYWATCH_NONE;
}

/* Returns whether there were events of files. The end of a watch (IN_IGNORED) is none. */
static bool drain(int fd)
{
	alignas(struct inotify_event) char events[4096];
	bool some = false;
	ssize_t bytes;

	while ((bytes = read(fd, events, sizeof(events))) > 0) {
		const struct inotify_event *event;

		for (ssize_t at = 0; at < bytes; at += (ssize_t)(sizeof(*event) + event->len)) {
			event = (const void *)(events + at);
			some |= !(event->mask & IN_IGNORED);
		}
	}
	return some;
}

static bool is_same_fault(const struct keyfile_fault *a, const struct keyfile_fault *b)
{
	return a->err == b->err && a->line == b->line && a->what == b->what;
}

/* Returns true if KF and FRESH have different keys, or another order. */
static bool take_keys(struct keyfile *kf, const struct keyfile *fresh)
{
	size_t bytes = (size_t)fresh->count * sizeof(fresh->keys[0]);

	if (kf->count == fresh->count && !memcmp(kf->keys, fresh->keys, bytes))
		return false;
	explicit_bzero(kf->keys, sizeof(kf->keys));
	memcpy(kf->keys, fresh->keys, bytes);
	kf->count = fresh->count;
	return true;
}

static bool read_again(struct keywatch *w, struct keyfile *kf)
{
	struct keyfile *fresh = keyfile_new();
	struct keyfile_fault fault;
	bool changed = false;

	if (!fresh)
		return false;
	if (keyfile_read(fresh, w->path, 1, &fault)) {
		if (!is_same_fault(&fault, &w->fault))
			keyfile_report(&fault, w->path, "the previous keys stay in use");
	} else {
		changed = take_keys(kf, fresh);
		if (changed || w->fault.what)
			warn("key file '%s': read again: %d key%s", w->path, kf->count, kf->count == 1 ? "" : "s");
	}
	w->fault = fault;
	keyfile_free(fresh);
	return changed;
}

bool keywatch_take(struct keywatch *w, struct keyfile *kf)
{
	bool notified;

	if (w->fd < 0)
		return false;
	notified = drain(w->fd);
	watch_path(w); /* before the file is looked at, so that no change is missed */
	return has_changed(w, notified) && read_again(w, kf);
}
