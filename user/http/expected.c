// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A change is noticed by the time, the size and the inode of the file. */
#include "expected.h"

/* Returns false if the file is the one that was read last. A file that cannot be found has no time. */
static bool expected_changed(struct expected *e)
{
	struct timespec before = e->changed;
	ino_t inode = e->inode;
	off_t bytes = e->bytes;
	struct stat st = {};

	if (stat(e->path, &st))
		st = (struct stat){};
	e->changed = st.st_mtim;
	e->inode = st.st_ino;
	e->bytes = st.st_size;
	return before.tv_sec != e->changed.tv_sec || before.tv_nsec != e->changed.tv_nsec || inode != e->inode || bytes != e->bytes;
}

int expected_open(struct expected *e, const char *path)
{
	e->path = path;
	if (!path)
		return 0;
	expected_changed(e);
	return hostlist_read(&e->list, path);
}

void expected_refresh(struct expected *e)
{
	struct hostlist list;

	if (!e->path || !expected_changed(e))
		return;
	if (hostlist_read(&list, e->path)) {
		hostlist_free(&list);
		return;
	}
	hostlist_free(&e->list);
	e->list = list;
}

void expected_close(struct expected *e)
{
	hostlist_free(&e->list);
}
