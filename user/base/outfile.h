/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A file that is replaced atomically: a reader gets either the old file or the new one. After a failure the old file is
 * unchanged, and no temporary file is left.
 *
 *	struct outfile file;
 *	FILE *out = outfile_open(&file, path);
 *
 *	if (!out)
 *		return file.err;
 *	fprintf(out, ...);
 *	return ok ? outfile_commit(&file) : outfile_discard(&file, err);
 */
#ifndef ROLLCALL_OUTFILE_H
#define ROLLCALL_OUTFILE_H

#include <limits.h>

#include "output.h"

struct outfile {
	const char *path; /* not owned; NULL: standard output */
	struct output output;
	int fd;
	int err; /* why outfile_open() failed */
	char temporary[PATH_MAX]; /* its temporary name; "": none */
};

/*
 * F must not be moved until it is closed. If PATH is NULL, the stream is standard output, which main() flushes and
 * checks. Returns the stream to write to, or NULL with F->err set, reported. Only a regular file is replaced, never a
 * device or a symbolic link.
 */
FILE *outfile_open(struct outfile *f, const char *path);
/* Sync the new file and rename it to PATH. Returns 0 or -errno, reported. F is closed in either case. */
int outfile_commit(struct outfile *f);
/* Close F without replacing the file. Returns ERR. */
int outfile_discard(struct outfile *f, int err);

#endif
