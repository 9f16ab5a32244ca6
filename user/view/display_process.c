// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Both ends of the pipe: the loader's, and the child that reads it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/nowait.h"
#include "base/pidfd.h"
#include "base/privilege.h"
#include "base/signals.h"
#include "display.h"
#include "display_process.h"

#define BEGIN '\001' /* in front of a line: there is a table */
#define PIPE_FD 3    /* of the child */

#define MESSAGES_MAX 65536 /* bytes that wait for room on standard error */

#define FULL_NS (5 * NS_PER_S) /* output that is full for so long is reported */

/* The child. */

struct child {
	struct display display;
	struct outlet messages;
	const char *dir;
	bool json;
	bool line_begins; /* with the next byte of the pipe */
	bool failed, full; /* standard output, and that was reported */
};

static struct child child = { .display = DISPLAY_NONE, .messages = OUTLET_NONE, .line_begins = true };

/* Messages of the child itself. */
static void child_take(const char *line, size_t bytes)
{
	fwrite(line, 1, bytes, child.messages.file);
}

static void child_begin(struct child *c)
{
	static const struct selection all;
	bool live = !c->json && terminal_is_there();

	if (display_open(&c->display, c->dir, &all, c->json ? DISPLAY_JSON : live ? DISPLAY_LIVE : DISPLAY_LINES,
			 WATCHER_OF_LOADER))
		display_close(&c->display);
}

/* Copy what the pipe holds. Returns false at its end. */
static bool child_relay(struct child *c)
{
	char text[4096];
	ssize_t bytes = read(PIPE_FD, text, sizeof(text));

	if (bytes < 0)
		return errno == EINTR || errno == EAGAIN;
	for (ssize_t i = 0; i < bytes; i++) {
		if (c->line_begins && text[i] == BEGIN) {
			child_begin(c);
			continue;
		}
		fputc(text[i], c->messages.file);
		c->line_begins = text[i] == '\n';
	}
	return bytes > 0;
}

/* The loader goes on, so it is said once. The loader itself sees that a pipe lost its reader. */
static void child_check_output(struct child *c)
{
	struct display *d = &c->display;
	bool gone = d->out.fd >= 0 && nowait_reader_is_gone(d->out.fd), is_pipe = nowait_is_pipe(STDOUT_FILENO);

	if (((d->err && d->err != -EAGAIN) || gone) && !c->failed && !is_pipe) {
		warn("cannot write to standard output: %s: attach goes on without it", strerror(d->err ? -d->err : EPIPE));
		c->failed = true;
	}
	if (d->out.full_since_ns && rollcall_now_ns() - d->out.full_since_ns > FULL_NS && !c->full) {
		warn("standard output: full for %llus: its reader does not read: attach goes on", FULL_NS / NS_PER_S);
		c->full = true;
	}
	if (gone)
		display_close(d);
}

static void child_turn(struct child *c)
{
	c->display.messages = c->messages.lines;
	if (display_turn(&c->display)) /* reported; it will not become better */
		display_close(&c->display);
	child_check_output(c);
	outlet_flush(&c->messages);
}

static int child_timeout_ms(const struct child *c)
{
	return c->display.out.full_since_ns && !c->full ? (int)(NS_PER_S / NS_PER_MS) : -1;
}

static void child_follow(struct child *c, int signal_fd)
{
	enum { SIGNALS = DISPLAY_SOURCES, PIPE, MESSAGES, SOURCES };
	struct pollfd fds[SOURCES] = {
		[SIGNALS] = { .fd = signal_fd, .events = POLLIN },
	};

	for (;;) {
		size_t waiting;

		child_turn(c);
		waiting = c->messages.end - c->messages.begin;
		display_wait_for(&c->display, fds);
		if (c->failed && !outlet_is_full(&c->display.out))
			fds[DISPLAY_OUT].fd = -1; /* it would be readable for ever */
		fds[MESSAGES] = outlet_wait_for(&c->messages);
		if (!outlet_is_full(&c->messages))
			fds[MESSAGES].fd = -1;
		/* while standard error is full, messages wait here, then in the pipe, and then the loader drops and counts them */
		fds[PIPE] = (struct pollfd){ .fd = waiting < MESSAGES_MAX ? PIPE_FD : -1, .events = POLLIN };
		if (poll(fds, SOURCES, child_timeout_ms(c)) <= 0)
			continue;
		if (fds[SIGNALS].revents && signals_next(signal_fd) == SIGWINCH && c->display.view.timer >= 0)
			display_resize(&c->display);
		if (fds[PIPE].revents && !child_relay(c))
			return;
	}
}

/* What is left goes out, however long that takes: the loader does not wait for it. */
static void child_end(struct child *c)
{
	display_finish(&c->display);
	for (;;) {
		struct pollfd fds[] = { outlet_wait_for(&c->display.out), outlet_wait_for(&c->messages) };
		int out = c->display.out.file ? outlet_flush(&c->display.out) : 0, messages = outlet_flush(&c->messages);

		if (out != -EAGAIN && messages != -EAGAIN)
			return;
		fds[0].fd = out == -EAGAIN ? fds[0].fd : -1;
		fds[1].fd = messages == -EAGAIN ? fds[1].fd : -1;
		fds[0].events = fds[1].events = POLLOUT;
		poll(fds, 2, -1);
	}
}

/* The loader waits for the result: a display that keeps capabilities is not started. */
static void child_drop_privileges(int result_fd)
{
	int err = privilege_drop();

	if (write(result_fd, &err, sizeof(err)) != sizeof(err) || err)
		_exit(1);
}

static void __attribute__((noreturn)) child_run(const char *dir, bool json, int pipe_fd, int result_fd)
{
	int signal_fd;

	prctl(PR_SET_NAME, "rollcall-show");
	child_drop_privileges(result_fd);
	if (dup2(pipe_fd, PIPE_FD) < 0 || syscall(SYS_close_range, PIPE_FD + 1, ~0U, 0U) ||
	    outlet_open(&child.messages, STDERR_FILENO))
		_exit(1);
	message_divert(child_take);
	signals_ignore((const int[]){ SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0 });
	signal_fd = signals_open((const int[]){ SIGWINCH, 0 });
	child.dir = dir;
	child.json = json;
	child_follow(&child, signal_fd);
	child_end(&child);
	display_close(&child.display);
	outlet_close(&child.messages);
	_exit(0);
}

/* The loader. */

static struct {
	int pipe_fd;
	unsigned long lost; /* messages */
} loader = { .pipe_fd = -1 };

static int loader_put(const char *line, size_t bytes)
{
	/* not more than PIPE_BUF: all of it or nothing */
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

/* What the child reports of its start. One that ended before it could is noticed by its pidfd. */
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

	*p = (struct display_process)DISPLAY_PROCESS_NONE;
	if (pipe2(result, O_CLOEXEC))
		return fail(-errno, NULL, "cannot make a pipe");
	result_fd = result[0];
	child_result_fd = result[1];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return fail(-errno, NULL, "cannot make a pipe");
	fflush(NULL);
	p->pid = fork();
	if (!p->pid)
		child_run(dir, json, ends[0], child_result_fd);
	close(ends[0]);
	cleanup_fd(&child_result_fd); /* else the child's end would not end the read */
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
	const char begin = BEGIN;

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
