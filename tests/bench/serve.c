// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* `rollcall serve` with 16,000 hosts: the time of an answer over one connection, and the memory of the server. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "crowd.h"
#include "loader/pins.h"
#include "loader/slots.h"
#include "process.h"
#include "programs.h"

#define HOSTS	   16000
#define PORT	   49001
#define INTERVALS  20 /* of each host */
#define FILE_PATH  "/run/serve.db"
#define ANSWER_MAX (32 << 20)

struct client {
	int fd;
	const char *path;
	size_t bytes; /* of the last answer, with its header */
};

static bool is_connected(void *context)
{
	const struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int *fd = context;

	cleanup_fd(fd);
	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return *fd >= 0 && !connect(*fd, (const struct sockaddr *)&at, sizeof(at));
}

/* The length of an answer whose header is complete; 0: it is not. */
static size_t answer_length(const char *answer)
{
	const char *end = strstr(answer, "\r\n\r\n"), *length = strcasestr(answer, "\r\nContent-Length: ");

	if (!end || !length || length > end)
		return 0;
	return (size_t)(end + 4 - answer) + strtoull(length + strlen("\r\nContent-Length: "), NULL, 10);
}

/* Send a request and read its answer. */
static int measure_answer(void *context, double *ms)
{
	static char answer[ANSWER_MAX];
	struct client *c = context;
	double start = monotonic_ns();
	size_t wanted = 0, filled = 0;
	char request[256];
	int bytes = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", c->path);

	if (send(c->fd, request, (size_t)bytes, MSG_NOSIGNAL) != bytes)
		return fail(-errno, NULL, "cannot send a request");
	while (!wanted || filled < wanted) {
		ssize_t got = recv(c->fd, answer + filled, sizeof(answer) - 1 - filled, 0);

		if (got <= 0)
			return fail(got ? -errno : -EPIPE, NULL, "no answer for %s", c->path);
		filled += (size_t)got;
		answer[filled] = '\0';
		if (!wanted)
			wanted = answer_length(answer);
	}
	*ms = (monotonic_ns() - start) / 1e6;
	c->bytes = filled;
	return strncmp(answer, "HTTP/1.1 200", 12) ? fail(0, NULL, "%s: %.60s", c->path, answer) : 0;
}

static int measure_answers(const struct bench *b, pid_t server)
{
	enum { HOSTS_JSON, PAST, METRICS, HEALTH, ANSWERS };
	struct client clients[ANSWERS] = {
		[HOSTS_JSON] = { -1, "/api/v1/hosts?intervals=0", 0 }, [PAST] = { -1, "/api/v1/hosts", 0 }, [METRICS] = { -1, "/metrics", 0 }, [HEALTH] = { -1, "/healthz", 0 },
	};
	struct thing things[ANSWERS] = {};
	int fd = -1, err = await(is_connected, &fd, "the server");

	for (int i = 0; i < ANSWERS; i++) {
		clients[i].fd = fd;
		things[i] = thing_by(measure_answer, &clients[i]);
	}
	if (!err)
		err = things_measure(things, ANSWERS, b->rounds);
	if (!err) {
		const struct thing rss = thing_of(process_status(server, "VmRSS:") / 1024);

		row_write(row_of("serve: /api/v1/hosts with 16,000 hosts", NULL, "ms"), &things[HOSTS_JSON], NULL);
		row_write(row_of("serve: the same with their last intervals", NULL, "ms"), &things[PAST], NULL);
		row_write(row_of("serve: /metrics with 16,000 hosts", NULL, "ms"), &things[METRICS], NULL);
		row_write(row_of("serve: /healthz", NULL, "ms"), &things[HEALTH], NULL);
		row_write(row_value("serve: resident memory after that", "MB", 40), &rss, NULL);
	}
	cleanup_fd(&fd);
	return err;
}

static int write_history(void)
{
	struct database d;
	int err = database_open_to_write(&d, FILE_PATH);

	if (!err)
		err = crowd_write_history(&d, HOSTS, INTERVALS);
	database_close(&d);
	return err;
}

int bench_serve(const struct bench *b)
{
	const struct rollcall_attachment here = { .ifindex = HEARD_ON_LOOPBACK, .ifname = "lo" };
	char program[4200];
	char *const serve[] = { program, "--db", FILE_PATH, NULL };
	struct programs p;
	pid_t pid = -1;
	int err = programs_open(&p, XDP, HOSTS, ROLLCALL_NAMES_PER_SOURCE);

	snprintf(program, sizeof(program), "%s-serve", b->program);
	if (!err)
		err = slot_write(&p.rig.table, 0, &here);
	if (!err)
		err = crowd_enter(&p.rig.table, 0, HOSTS, -3600 * (int64_t)NS_PER_S);
	if (!err)
		err = write_history();
	if (!err) {
		pid = process_start(serve, -1);
		err = pid < 0 ? pid : measure_answers(b, pid);
	}
	process_stop(pid);
	programs_close(&p);
	return err;
}
