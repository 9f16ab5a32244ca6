// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* How to write without waiting depends on the type of the descriptor. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "nowait.h"

#ifndef RWF_NOWAIT /* musl before 1.2.5 */
#define RWF_NOWAIT 8 /* linux/fs.h */

static ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t offset, int flags)
{
	return syscall(SYS_pwritev2, fd, parts, (long)count, (long)offset, (long)offset, flags);
}
#endif

static mode_t type_of(int fd)
{
	struct stat file;

	return fstat(fd, &file) ? 0 : file.st_mode & S_IFMT;
}

static int poll_now(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) > 0 ? p.revents : 0;
}

/* A writable pipe has room for PIPE_BUF bytes, unless another process writes to it at the same time. */
static ssize_t write_if_writable(int fd, const char *text, size_t bytes, size_t most)
{
	if (!poll_now(fd, POLLOUT)) {
		errno = EAGAIN;
		return -1;
	}
	return write(fd, text, bytes < most ? bytes : most);
}

static ssize_t write_pipe(int fd, const char *text, size_t bytes)
{
	struct iovec part = { .iov_base = (void *)text, .iov_len = bytes };
	ssize_t written = pwritev2(fd, &part, 1, -1, RWF_NOWAIT);

	/* pipes support RWF_NOWAIT since Linux 6.4 */
	return written < 0 && errno == EOPNOTSUPP ? write_if_writable(fd, text, bytes, PIPE_BUF) : written;
}

ssize_t nowait_write(int fd, const char *text, size_t bytes)
{
	ssize_t written;

	switch (type_of(fd)) {
	case S_IFSOCK:
		written = send(fd, text, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
		break;
	case S_IFIFO:
		written = write_pipe(fd, text, bytes);
		break;
	default:
		written = write_if_writable(fd, text, bytes, NOWAIT_CHUNK);
	}
	return written < 0 ? -errno : written;
}

bool nowait_is_pipe(int fd)
{
	return type_of(fd) == S_IFIFO;
}

bool nowait_has_reader(int fd)
{
	mode_t type = type_of(fd);

	return type == S_IFIFO || type == S_IFSOCK;
}

bool nowait_reader_is_gone(int fd)
{
	return nowait_has_reader(fd) && poll_now(fd, 0) & (POLLERR | POLLHUP);
}
