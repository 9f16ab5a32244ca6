/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The hosts of --expect FILE. The file is read again when it was changed. */
#ifndef ROLLCALL_EXPECTED_H
#define ROLLCALL_EXPECTED_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/hostlist.h"

/* Set it to zero first. */
struct expected {
	const char *path; /* not owned; NULL: no hosts are expected */
	struct hostlist list;
	struct timespec changed; /* of the file that was read last */
	ino_t inode;
	off_t bytes;
};

/* Read PATH for the first time. Returns 0 or -errno, reported. */
int expected_open(struct expected *e, const char *path);

/* Read the file again if it was changed. If that fails, the reason is reported once, and the old list stays. */
void expected_refresh(struct expected *e);

void expected_close(struct expected *e);

#endif
