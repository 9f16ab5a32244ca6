// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The contents go to a new file in the same directory, which is synced and then renamed. The new file has no name
 * (O_TMPFILE) until it is complete, so even SIGKILL leaves no temporary file behind. On file systems without O_TMPFILE
 * (NFS, FAT) it has a temporary name from the start.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "message.h"
#include "outfile.h"

#define MODE 0644 /* before the umask */

static int fail_write(const struct outfile *f, int err)
{
	return fail(err, NULL, "cannot write '%s'", f->path);
}

/* The name begins with a dot, so that a program that reads all files of the directory ignores it. */
static int name_temporary(const char *path, char temporary[PATH_MAX])
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	unsigned long long number;
	int bytes;

	if (getrandom(&number, sizeof(number), 0) < 0)
		return -errno;
	bytes = snprintf(temporary, PATH_MAX, "%.*s.%s.%016llx", (int)(name - path), path, name, number);
	return bytes < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int open_unnamed(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
	return open(dir, O_TMPFILE | O_WRONLY | O_CLOEXEC, MODE);
}

static int open_new(struct outfile *f)
{
	struct stat there;
	int fd, err;

	if (!lstat(f->path, &there) && !S_ISREG(there.st_mode))
		return fail(0, "it would be replaced", "cannot write '%s': not a regular file", f->path);
	fd = open_unnamed(f->path);
	if (fd >= 0)
		return fd;
	err = name_temporary(f->path, f->temporary);
	fd = err ? -1 : open(f->temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, MODE);
	if (fd >= 0)
		return fd;
	err = err ? err : -errno;
	f->temporary[0] = '\0';
	return fail_write(f, err);
}

FILE *outfile_open(struct outfile *f, const char *path)
{
	*f = (struct outfile){ .path = path, .fd = -1 };
	if (!path)
		return stdout;
	f->fd = open_new(f);
	if (f->fd < 0) {
		f->err = f->fd;
		return NULL;
	}
	f->err = output_open(&f->output, f->fd);
	if (f->err)
		outfile_discard(f, fail_write(f, f->err));
	return f->output.file;
}

static int give_name(struct outfile *f)
{
	char unnamed[32];
	int err;

	if (f->temporary[0])
		return 0;
	err = name_temporary(f->path, f->temporary);
	snprintf(unnamed, sizeof(unnamed), "/proc/self/fd/%d", f->fd);
	if (!err && linkat(AT_FDCWD, unnamed, AT_FDCWD, f->temporary, AT_SYMLINK_FOLLOW))
		err = -errno;
	if (err)
		f->temporary[0] = '\0';
	return err;
}

int outfile_commit(struct outfile *f)
{
	int err;

	if (!f->path)
		return 0;
	err = output_flush(&f->output);
	/* before it gets its name: otherwise a crash of the machine could leave an empty file of this name */
	if (!err && fsync(f->fd))
		err = -errno;
	if (!err)
		err = give_name(f);
	if (!err && rename(f->temporary, f->path))
		err = -errno;
	if (err)
		return outfile_discard(f, fail_write(f, err));
	f->temporary[0] = '\0';
	return outfile_discard(f, 0);
}

int outfile_discard(struct outfile *f, int err)
{
	if (!f->path)
		return err;
	if (f->temporary[0])
		unlink(f->temporary);
	output_close(&f->output);
	cleanup_fd(&f->fd);
	return err;
}
