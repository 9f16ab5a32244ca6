/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Follows a key file: a changed file is read again. If something is wrong with it, the previous keys stay in use, and
 * that is reported once. Credentials of a unit do not change, so they are not followed.
 */
#ifndef ROLLCALL_KEYWATCH_H
#define ROLLCALL_KEYWATCH_H

#include <stdbool.h>
#include <sys/stat.h>

#include "keyfile.h"

struct keywatch {
	int fd;		  /* inotify(7): when it is readable, call keywatch_take(); -1: the file is not followed */
	const char *path; /* not owned; also of a file that is not followed */
	int file;	  /* the watch of the file itself, as it was last seen; or -1 */
	int directory;	  /* the watch of its directory, likewise */
	struct stat seen;
	struct keyfile_fault fault; /* that was reported */
};

#define KEYWATCH_NONE { .fd = -1, .file = -1, .directory = -1 }

/*
 * Follow PATH, which must outlive W. Call it before the file is read, so that no change is missed. A failure is
 * reported with -v: then the file is not followed.
 */
void keywatch_open(struct keywatch *w, const char *path);
void keywatch_close(struct keywatch *w);

/*
 * Read the notices, and the file again if it has changed. Call it after a notice, and also now and then: there is no
 * notice when a directory of the path is replaced. Returns true if KF has other keys than before; that is
 * reported.
 */
bool keywatch_take(struct keywatch *w, struct keyfile *kf);

#endif
