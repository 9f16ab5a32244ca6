// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The delay of `rollcall watch`: from sending a frame to the join or to the leave, and from the expiry to the leave. */
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "process.h"
#include "programs.h"

#define EXPIRY	 "2s"
#define EXPIRY_S 2

struct watching {
	pid_t loader, watch;
	int out, socket_fd; /* its standard output; a socket to announce on */
	struct rollcall_settings settings;
	char buffer[65536];
	size_t filled;
};

/* Wait until a line reports EVENT for NAME. Returns 0 or -errno, reported. */
static int await_line(struct watching *w, const char *event, const char *name)
{
	double end = monotonic_ns() + 10e9;

	while (monotonic_ns() < end) {
		struct pollfd ready = { .fd = w->out, .events = POLLIN };
		char *line = w->buffer, *newline;
		bool found = false;
		ssize_t got;

		while (!found && (newline = memchr(line, '\n', w->filled - (size_t)(line - w->buffer)))) {
			*newline = '\0';
			found = strstr(line, event) && strstr(line, name);
			line = newline + 1;
		}
		w->filled -= (size_t)(line - w->buffer);
		memmove(w->buffer, line, w->filled);
		if (found)
			return 0;
		if (poll(&ready, 1, 1000) <= 0)
			continue;
		got = read(w->out, w->buffer + w->filled, sizeof(w->buffer) - w->filled);
		if (got <= 0)
			break;
		w->filled += (size_t)got;
	}
	return fail(-ETIMEDOUT, NULL, "watch did not tell of %s", name);
}

static int send_of(const struct watching *w, const struct rollcall_settings *settings, unsigned int host, const char *name)
{
	struct frame frame;

	frame_of(&frame, settings, name, (uint16_t)(host + 1), 0);
	return send(w->socket_fd, frame.bytes, frame.count, 0) < 0 ? fail(-errno, NULL, "cannot announce") : 0;
}

static int announce(const struct watching *w, const char *what, unsigned int host, char name[24])
{
	snprintf(name, 24, "%s-%u-", what, host); /* with a dash at the end, so that no name is the beginning of another */
	return send_of(w, &w->settings, host, name);
}

/* The bytes before the hostname take the place of the prefix. */
static int say_goodbye(const struct watching *w, unsigned int host, const char *name)
{
	struct rollcall_message head = { .flags = ROLLCALL_MESSAGE_GOODBYE };
	struct rollcall_settings settings = w->settings;

	_Static_assert(sizeof(head) <= ROLLCALL_PREFIX_MAX, "it fits");
	memcpy(head.prefix, ROLLCALL_MESSAGE_PREFIX, sizeof(head.prefix));
	memcpy(settings.prefix, &head, sizeof(head));
	settings.prefix_bytes = sizeof(head);
	return send_of(w, &settings, host, name);
}

static int measure_goodbyes(const struct bench *b, struct watching *w, struct thing *goodbyes)
{
	char name[24];
	int err = 0;

	for (unsigned int i = 0; !err && i < b->rounds; i++) {
		double sent;

		err = announce(w, "bye", i, name);
		if (!err)
			err = await_line(w, "join", name);
		pause_ns(100e6); /* as between events that are not related */
		sent = monotonic_ns();
		if (!err)
			err = say_goodbye(w, i, name);
		if (!err)
			err = await_line(w, "goodbye", name);
		goodbyes->values[goodbyes->count++] = (monotonic_ns() - sent) / 1e6;
	}
	return err;
}

static int measure_rounds(const struct bench *b, struct watching *w, struct thing *joins, struct thing *leaves)
{
	char names[ROUNDS_MAX][24];
	double sent[ROUNDS_MAX];
	int err = 0;

	for (unsigned int i = 0; !err && i < b->rounds; i++) {
		sent[i] = monotonic_ns();
		err = announce(w, "late", i, names[i]);
		if (!err)
			err = await_line(w, "join", names[i]);
		joins->values[joins->count++] = (monotonic_ns() - sent[i]) / 1e6;
		pause_ns(30e6);
	}
	for (unsigned int i = 0; !err && i < b->rounds; i++) {
		err = await_line(w, "leave", names[i]);
		leaves->values[leaves->count++] = (monotonic_ns() - sent[i] - EXPIRY_S * 1e9) / 1e6;
	}
	return err;
}

static bool has_filter(void *context)
{
	struct watching *w = context;
	char path[PATH_MAX];

	(void)w;
	return !access(pins_link_path(getenv("ROLLCALL_PIN_DIR"), if_nametoindex("wire1"), path), F_OK);
}

static int start(const struct bench *b, struct watching *w)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex("wire0") };
	char program[4096];
	char *const attach[] = { program, "attach", "wire1", "--expiry", EXPIRY, NULL };
	char *const watch[] = { program, "watch", "-j", NULL };
	int ends[2], err;

	snprintf(program, sizeof(program), "%s", b->program);
	w->socket_fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (w->socket_fd < 0 || bind(w->socket_fd, (const struct sockaddr *)&at, sizeof(at)) || pipe2(ends, O_CLOEXEC))
		return fail(-errno, NULL, "cannot send on wire0");
	w->out = ends[0];
	w->loader = process_start(attach, -1);
	err = w->loader < 0 ? w->loader : await(has_filter, w, "a filter");
	if (!err) {
		w->watch = process_start(watch, ends[1]);
		err = w->watch < 0 ? w->watch : 0;
	}
	close(ends[1]);
	pause_ns(300e6); /* until it has opened the table */
	return err;
}

int bench_latency(const struct bench *b)
{
	struct row join = row_value("join seen by watch, after its frame was sent", "ms", 5),
		   leave = row_value("leave seen by watch, after the expiry", "ms", 50),
		   goodbye = row_value("leave seen by watch, after its goodbye was sent", "ms", 5);
	static struct watching w;
	struct thing joins = {}, leaves = {}, goodbyes = {};
	int err;

	w = (struct watching){ .out = -1, .socket_fd = -1, .settings = ROLLCALL_DEFAULT_SETTINGS };
	err = start(b, &w);
	if (!err && waitpid(w.watch, NULL, WNOHANG) == w.watch) {
		w.watch = 0;
		row_not_run(join, "there is no watch");
		row_not_run(leave, "there is no watch");
		row_not_run(goodbye, "there is no watch");
	} else if (!err) {
		err = measure_rounds(b, &w, &joins, &leaves);
		if (!err)
			err = measure_goodbyes(b, &w, &goodbyes);
		if (!err) {
			row_write(join, &joins, NULL);
			row_write(leave, &leaves, NULL);
			row_write(goodbye, &goodbyes, NULL);
		}
	}
	process_stop(w.watch);
	process_stop(w.loader);
	cleanup_fd(&w.out);
	cleanup_fd(&w.socket_fd);
	return err;
}
