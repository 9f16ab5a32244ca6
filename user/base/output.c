// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Streams of fopencookie(3) over a descriptor. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "message.h"
#include "output.h"

static ssize_t output_write(void *cookie, const char *data, size_t bytes)
{
	struct output *o = cookie;

	for (size_t done = 0; done < bytes;) {
		ssize_t written = write(o->fd, data + done, bytes - done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			o->err = o->err ? o->err : -errno;
			return 0; /* means a failure for fopencookie(3) */
		}
		done += (size_t)written;
	}
	return (ssize_t)bytes;
}

int output_open(struct output *o, int fd)
{
	*o = (struct output){ .fd = fd };
	o->file = fopencookie(o, "w", (cookie_io_functions_t){ .write = output_write });
	return o->file ? 0 : -errno;
}

int output_flush(struct output *o)
{
	if (fflush(o->file) && !o->err)
		o->err = -errno;
	return o->err;
}

void output_close(struct output *o)
{
	if (o->file)
		fclose(o->file);
	o->file = NULL;
}

/*
 * Reading from the filler of stdin, and writing to those of stdout and stderr, fails with EBADF, as if they were
 * closed.
 */
static int fill_descriptor(int fd)
{
	int filler;

	if (fcntl(fd, F_GETFD) >= 0)
		return 0;
	filler = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY); /* takes the lowest number: FD */
	return filler < 0 ? -errno : 0;
}

int output_fill_descriptors(void)
{
	int err = 0;

	for (int fd = STDIN_FILENO; !err && fd <= STDERR_FILENO; fd++)
		err = fill_descriptor(fd);
	return err;
}

int output_finish(struct output *o, int err)
{
	int failed = output_flush(o);

	if (err || !failed)
		return err;
	return fail(failed, NULL, "cannot write to standard output");
}
