// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The child process: shows the table as lines or as the view, and writes the messages that it receives by the pipe. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/message.h"
#include "base/nowait.h"
#include "base/privilege.h"
#include "base/signals.h"
#include "child.h"
#include "top.h"
#include "view/display.h"

#define PIPE_FD 3 /* a fixed number, so that all descriptors above it can be closed */

#define MESSAGES_MAX 65536 /* bytes of messages that wait for room on standard error */

#define FULL_NS (5 * NS_PER_S) /* standard output that is full for this time is reported */

struct child {
	pid_t loader;
	struct display display;
	struct top top;
	bool has_view; /* `top` is open, not `display` */
	struct outlet errors; /* standard error */
	bool errors_are_on_terminal;
	struct messages messages; /* to be written to standard error when the view ends */
	char line[MESSAGE_BYTES]; /* the part of a message that was read from the pipe */
	size_t line_bytes;
	const char *dir;
	bool json;
	bool failed, full; /* reported: standard output failed, is full */
};

static struct child child = { .display = DISPLAY_NONE, .top = TOP_NONE, .errors = OUTLET_NONE };

/* A message of the loader or of the child itself. */
static void child_take(const char *line, size_t bytes)
{
	if (child.has_view)
		messages_add(&child.messages, line, bytes);
	if (!child.has_view || !child.errors_are_on_terminal)
		fwrite(line, 1, bytes, child.errors.file);
}

static const struct selection all;

static void child_begin_view(struct child *c)
{
	const struct top_config config = {
		.dir = c->dir, .selection = &all, .messages = &c->messages, .start = WATCHER_OF_LOADER,
	};

	c->has_view = !top_open(&c->top, &config);
	if (!c->has_view)
		top_close(&c->top);
}

static bool child_may_have_view(struct child *c)
{
	/* write earlier messages now, so that they do not overwrite the view */
	bool is_written = !outlet_flush(&c->errors) || !c->errors_are_on_terminal;

	return !c->json && is_written && !top_refusal() && screen_is_ours();
}

static void child_begin(struct child *c)
{
	if (child_may_have_view(c))
		child_begin_view(c);
	if (!c->has_view &&
	    display_open(&c->display, c->dir, &all, c->json ? DISPLAY_JSON : DISPLAY_LINES, WATCHER_OF_LOADER))
		display_close(&c->display);
}

static void child_end_view(struct child *c)
{
	if (!c->has_view)
		return;
	signals_ignore((const int[]){ SIGTTOU, 0 }); /* if the loader was killed, the shell is in the foreground: restore anyway */
	top_close(&c->top);
	c->has_view = false;
	if (c->errors_are_on_terminal)
		messages_print(&c->messages, c->errors.file);
}

static void child_take_byte(struct child *c, char byte)
{
	if (!c->line_bytes && byte == CHILD_BEGIN) {
		child_begin(c);
		return;
	}
	c->line[c->line_bytes++] = byte;
	if (byte != '\n' && c->line_bytes < sizeof(c->line))
		return;
	child_take(c->line, c->line_bytes);
	c->line_bytes = 0;
}

/* Copy messages from the pipe. Returns false at its end. */
static bool child_relay(struct child *c)
{
	char text[4096];
	ssize_t bytes = read(PIPE_FD, text, sizeof(text));

	if (bytes < 0)
		return errno == EINTR || errno == EAGAIN;
	for (ssize_t i = 0; i < bytes; i++)
		child_take_byte(c, text[i]);
	return bytes > 0;
}

static void child_report_failure(struct child *c, int err)
{
	warn("cannot write to standard output: %s: attach goes on without it", strerror(-err));
	c->failed = true;
}

/*
 * Report a failure of standard output once, because the loader goes on. If standard output is a pipe, the loader itself
 * detects the loss of its reader.
 */
static void child_check_output(struct child *c)
{
	struct display *d = &c->display;
	bool gone = d->out.fd >= 0 && nowait_reader_is_gone(d->out.fd), is_pipe = nowait_is_pipe(STDOUT_FILENO);

	if (((d->err && d->err != -EAGAIN) || gone) && !c->failed && !is_pipe)
		child_report_failure(c, d->err ? d->err : -EPIPE);
	if (d->out.full_since_ns && rollcall_now_ns() - d->out.full_since_ns > FULL_NS && !c->full) {
		warn("standard output: full for %llus: its reader does not read: attach goes on", FULL_NS / NS_PER_S);
		c->full = true;
	}
	if (gone)
		display_close(d);
}

static void child_turn_view(struct child *c)
{
	int err = top_turn(&c->top);

	if (err) { /* permanent */
		child_end_view(c);
		if (err == -EIO)
			child_report_failure(c, err);
		return;
	}
	if (c->top.request == TOP_QUIT && kill(c->loader, SIGTERM))
		warn("cannot stop the loader: %s", strerror(errno));
	if (c->top.request != TOP_SUSPEND)
		return;
	top_suspend(&c->top);
	kill(0, SIGTSTP); /* the process group, with this process */
	top_continue(&c->top);
}

static void child_turn(struct child *c)
{
	if (c->has_view) {
		child_turn_view(c);
	} else {
		if (display_turn(&c->display)) /* reported, and permanent */
			display_close(&c->display);
		child_check_output(c);
	}
	outlet_flush(&c->errors);
}

static int child_timeout_ms(const struct child *c)
{
	return c->display.out.full_since_ns && !c->full ? (int)(NS_PER_S / NS_PER_MS) : -1;
}

static void child_on_signal(struct child *c, int signal)
{
	if (c->has_view && signal == SIGWINCH)
		top_resize(&c->top);
	if (c->has_view && signal == SIGCONT)
		top_continue(&c->top);
}

enum { SIGNALS, PIPE, MESSAGES, SHOWN };
#define SHOWN_SOURCES ((int)TOP_SOURCES)

_Static_assert((int)TOP_SOURCES >= (int)DISPLAY_SOURCES, "either fits");

static void child_wait_for(const struct child *c, struct pollfd fds[])
{
	size_t waiting = c->errors.end - c->errors.begin;

	for (int i = 0; i < SHOWN_SOURCES; i++)
		fds[SHOWN + i] = (struct pollfd){ .fd = -1 };
	if (c->has_view)
		top_wait_for(&c->top, fds + SHOWN);
	else
		display_wait_for(&c->display, fds + SHOWN);
	if (!c->has_view && c->failed && !outlet_is_full(&c->display.out))
		fds[SHOWN + DISPLAY_OUT].fd = -1; /* poll() would return its error at once, each time */
	fds[MESSAGES] = outlet_wait_for(&c->errors);
	if (!outlet_is_full(&c->errors))
		fds[MESSAGES].fd = -1;
	/* while standard error is full, messages wait here, then in the pipe; then the loader drops and counts them */
	fds[PIPE] = (struct pollfd){ .fd = waiting < MESSAGES_MAX ? PIPE_FD : -1, .events = POLLIN };
}

static void child_follow(struct child *c, int signal_fd)
{
	struct pollfd fds[SHOWN + SHOWN_SOURCES] = { [SIGNALS] = { .fd = signal_fd, .events = POLLIN } };

	for (;;) {
		child_turn(c);
		child_wait_for(c, fds);
		if (poll(fds, SHOWN + SHOWN_SOURCES, child_timeout_ms(c)) <= 0)
			continue;
		if (fds[SIGNALS].revents)
			child_on_signal(c, signals_next(signal_fd));
		if (fds[PIPE].revents && !child_relay(c))
			return;
	}
}

/* Write the remaining output. This may take any time, because the loader does not wait for it. */
static void child_end(struct child *c)
{
	child_end_view(c);
	display_finish(&c->display);
	for (;;) {
		struct pollfd fds[] = { outlet_wait_for(&c->display.out), outlet_wait_for(&c->errors) };
		int out = c->display.out.file ? outlet_flush(&c->display.out) : 0, errors = outlet_flush(&c->errors);

		if (out != -EAGAIN && errors != -EAGAIN)
			return;
		fds[0].fd = out == -EAGAIN ? fds[0].fd : -1;
		fds[1].fd = errors == -EAGAIN ? fds[1].fd : -1;
		fds[0].events = fds[1].events = POLLOUT;
		poll(fds, 2, -1);
	}
}

/* The loader waits for the result. If capabilities cannot be dropped, the display is not started. */
static void child_drop_privileges(int result_fd)
{
	int err = privilege_drop();

	if (write(result_fd, &err, sizeof(err)) != sizeof(err) || err)
		_exit(1);
}

void child_run(const char *dir, bool json, pid_t loader_pid, int pipe_fd, int result_fd)
{
	int signal_fd;

	prctl(PR_SET_NAME, "rollcall-show");
	child_drop_privileges(result_fd);
	if (dup2(pipe_fd, PIPE_FD) < 0 || syscall(SYS_close_range, PIPE_FD + 1, ~0U, 0U) ||
	    outlet_open(&child.errors, STDERR_FILENO))
		_exit(1);
	message_divert(child_take);
	signals_ignore((const int[]){ SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0 });
	signal_fd = signals_open((const int[]){ SIGWINCH, SIGCONT, 0 });
	child.errors_are_on_terminal = isatty(STDERR_FILENO);
	child.loader = loader_pid;
	child.dir = dir;
	child.json = json;
	child_follow(&child, signal_fd);
	child_end(&child);
	display_close(&child.display);
	outlet_close(&child.errors);
	_exit(0);
}
