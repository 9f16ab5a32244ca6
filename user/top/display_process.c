// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The loader's side: starts and stops the child, and writes messages to the pipe. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/pidfd.h"
#include "base/privilege.h"
#include "child.h"
#include "display_process.h"

static struct {
	int pipe_fd;
	unsigned long lost; /* messages */
} loader = { .pipe_fd = -1 };

static int loader_put(const char *line, size_t bytes)
{
	/* at most PIPE_BUF bytes, so the write is atomic */
	return write(loader.pipe_fd, line, bytes) < 0 ? -errno : 0;
}

static int loader_put_lost(void)
{
	char line[128];
	int bytes = snprintf(line, sizeof(line), "rollcall: %lu messages were dropped: standard error was full\n", loader.lost);
	int err = loader.lost ? loader_put(line, (size_t)bytes) : 0;

	loader.lost = err ? loader.lost : 0;
	return err;
}

static void loader_take(const char *line, size_t bytes)
{
	int err = loader_put_lost();

	if (!err)
		err = loader_put(line, bytes);
	if (err == -EAGAIN)
		loader.lost++;
	else if (err)
		message_write_now(line, bytes); /* the child has ended */
}

/* Read the result of the child's start. If the child exited before it wrote a result, its pidfd reports that. */
static int loader_read_result(int result_fd)
{
	ssize_t bytes;
	int err = 0;

	do
		bytes = read(result_fd, &err, sizeof(err));
	while (bytes < 0 && errno == EINTR);
	return bytes == sizeof(err) && err ? privilege_kept(err) : 0;
}

int display_process_start(struct display_process *p, const char *dir, bool json)
{
	owned_fd result_fd = -1, child_result_fd = -1;
	int ends[2], result[2], err;
	pid_t loader_pid;

	*p = (struct display_process)DISPLAY_PROCESS_NONE;
	if (pipe2(result, O_CLOEXEC))
		return fail(-errno, NULL, "cannot make a pipe");
	result_fd = result[0];
	child_result_fd = result[1];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return fail(-errno, NULL, "cannot make a pipe");
	fflush(NULL);
	loader_pid = getpid();
	p->pid = fork();
	if (!p->pid)
		child_run(dir, json, loader_pid, ends[0], child_result_fd);
	close(ends[0]);
	cleanup_fd(&child_result_fd); /* otherwise the read would not return if the child exits */
	child_result_fd = -1;
	p->pidfd = p->pid < 0 ? -errno : pidfd_of(p->pid);
	if (p->pidfd < 0) {
		err = p->pid < 0 ? p->pidfd : -errno;
		close(ends[1]);
		return fail(err, NULL, "cannot start the display");
	}
	loader.pipe_fd = ends[1];
	err = loader_read_result(result_fd);
	if (!err)
		message_divert(loader_take);
	return err;
}

int display_process_begin(struct display_process *p)
{
	const char begin = CHILD_BEGIN;

	if (p->pidfd < 0)
		return -1;
	if (!p->begun)
		p->begun = !loader_put(&begin, 1);
	loader_put_lost();
	return p->begun && !loader.lost ? -1 : loader.pipe_fd;
}

void display_process_ended(struct display_process *p)
{
	int status = 0;

	if (p->pidfd < 0)
		return;
	waitpid(p->pid, &status, 0);
	cleanup_fd(&p->pidfd);
	p->pidfd = -1;
	if (WIFSIGNALED(status))
		warn("display: ended by signal %d: attach goes on without it", WTERMSIG(status));
	else
		warn("display: ended with exit status %d: attach goes on without it", WEXITSTATUS(status));
}

void display_process_stop(struct display_process *p)
{
	message_divert(message_write_now);
	cleanup_fd(&loader.pipe_fd);
	loader.pipe_fd = -1;
	if (p->pidfd < 0)
		return;
	if (pidfd_wait(p->pidfd, DISPLAY_PROCESS_END_MS))
		waitpid(p->pid, NULL, 0);
	cleanup_fd(&p->pidfd);
	p->pidfd = -1;
}
