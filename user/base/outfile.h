/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A file that is written whole or not at all: who reads it meanwhile has the old one or the new
 * one, and after a failure the old one is as it was, and nothing lies beside it.
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
	const char *path; /* the caller's; NULL: standard output */
	struct output output;
	int fd;
	int err; /* why outfile_open() failed */
	char temporary[PATH_MAX]; /* its name before it has its own; "": it has none yet */
};

/*
 * F stays in place until it is closed. PATH NULL is standard output, which main flushes and
 * checks. Returns where to write, or NULL with F->err set, reported. Nothing that is there but a
 * regular file is replaced: no device, no link.
 */
FILE *outfile_open(struct outfile *f, const char *path);
/* Put it in place, on the disk. Returns 0 or -errno, reported; F is closed in either case. */
int outfile_commit(struct outfile *f);
/* Forget it; returns ERR, why. */
int outfile_discard(struct outfile *f, int err);

#endif
