// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sockets in two network namespaces. A socket stays in the namespace that it was created in. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "programs.h"
#include "traffic.h"

#define NEAR_ADDRESS "10.79.0.1"
#define CHUNK	     65536
#define PATIENCE_S   10 /* a timeout, longer than any wait of a measurement */
#define BATCH	     64
#define PACKET_BYTES 64

/* A connection, or a pair of datagram sockets: one end in each namespace. */
struct ends {
	int near, far;
};

static int socket_in(const struct traffic *t, int namespace_fd, int type)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd;

	if (setns(namespace_fd, CLONE_NEWNET))
		return -errno;
	fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (setns(t->own_namespace_fd, CLONE_NEWNET))
		return -errno;
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)))
		return -errno;
	return fd;
}

static void ends_close(struct ends *e)
{
	cleanup_fd(&e->near);
	cleanup_fd(&e->far);
}

/* Bind one end to a free port of "near", and connect the other end to it. */
static int ends_open(const struct traffic *t, struct ends *e, int type)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t bytes = sizeof(at);
	owned_fd bound = -1;
	const int on = 1;

	*e = (struct ends){ -1, -1 };
	inet_pton(AF_INET, NEAR_ADDRESS, &at.sin_addr);
	bound = socket_in(t, t->own_namespace_fd, type);
	e->far = socket_in(t, t->namespace_fd, type);
	if (bound < 0 || e->far < 0 || bind(bound, (const struct sockaddr *)&at, bytes) ||
	    (type == SOCK_STREAM && listen(bound, 1)) || getsockname(bound, (struct sockaddr *)&at, &bytes) ||
	    connect(e->far, (const struct sockaddr *)&at, bytes))
		return fail(-errno, NULL, "cannot connect over '%s'", TRAFFIC_NEAR);
	e->near = type == SOCK_STREAM ? accept4(bound, NULL, NULL, SOCK_CLOEXEC) : fcntl(bound, F_DUPFD_CLOEXEC, 0);
	if (e->near < 0)
		return fail(-errno, NULL, "cannot accept over '%s'", TRAFFIC_NEAR);
	if (type == SOCK_STREAM && (setsockopt(e->far, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ||
				    setsockopt(e->near, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on))))
		return fail(-errno, NULL, "cannot set TCP_NODELAY");
	return 0;
}

static char sink[CHUNK];
static const char chunk[CHUNK];

/* ------------------------------------------------------------------------------ bulk, two CPUs */

struct sender {
	const struct traffic *t;
	int fd, err;
};

static void *send_bulk(void *context)
{
	struct sender *s = context;

	if (run_on_cpu(s->t->other_cpu)) {
		s->err = -EINVAL;
		return NULL;
	}
	for (size_t sent = 0; !s->err && sent < s->t->bulk_bytes;) {
		ssize_t now = send(s->fd, chunk, CHUNK, MSG_NOSIGNAL);

		s->err = now < 0 ? -errno : 0;
		sent += now > 0 ? (size_t)now : 0;
	}
	shutdown(s->fd, SHUT_WR);
	return NULL;
}

static int measure_bulk(const struct traffic *t, double *ns)
{
	struct ends ends;
	struct sender sender = { .t = t };
	int err = ends_open(t, &ends, SOCK_STREAM);
	double begun = monotonic_ns();
	size_t received = 0;
	pthread_t thread;
	ssize_t now = 0;

	sender.fd = ends.far;
	if (!err && pthread_create(&thread, NULL, send_bulk, &sender))
		err = fail(-EAGAIN, NULL, "cannot make a thread");
	if (!err) {
		while ((now = recv(ends.near, sink, CHUNK, 0)) > 0)
			received += (size_t)now;
		*ns = (monotonic_ns() - begun) / ((double)received / 1000);
		if (now < 0) /* so that the sender does not block */
			shutdown(ends.near, SHUT_RDWR);
		pthread_join(thread, NULL);
		if (sender.err || now < 0 || received < t->bulk_bytes)
			err = fail(sender.err ? sender.err : -EIO, NULL, "the bulk over '%s' ended early", TRAFFIC_NEAR);
	}
	ends_close(&ends);
	return err;
}

/* -------------------------------------------------------------------------------- on one CPU */

static int measure_cpu(const struct traffic *t, double *ns)
{
	struct ends ends;
	int err = ends_open(t, &ends, SOCK_STREAM);
	double begun = monotonic_ns();
	size_t sent = 0, received = 0;

	while (!err && received < t->bulk_bytes) {
		ssize_t out = sent < t->bulk_bytes ? send(ends.far, chunk, CHUNK, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;
		ssize_t in = recv(ends.near, sink, CHUNK, MSG_DONTWAIT);

		if ((out < 0 && errno != EAGAIN) || (in < 0 && errno != EAGAIN) || !in)
			err = fail(-EIO, NULL, "the bulk over '%s' on one CPU ended early", TRAFFIC_NEAR);
		sent += out > 0 ? (size_t)out : 0;
		received += in > 0 ? (size_t)in : 0;
		if (in < 0 && out <= 0) { /* the sent data is still processed by ksoftirqd */
			struct pollfd wait = { .fd = ends.near, .events = POLLIN };

			if (poll(&wait, 1, PATIENCE_S * 1000) < 1)
				err = fail(-ETIMEDOUT, NULL, "nothing comes over '%s'", TRAFFIC_NEAR);
		}
	}
	*ns = (monotonic_ns() - begun) / ((double)t->bulk_bytes / 1000);
	ends_close(&ends);
	return err;
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

/* Send one byte, and receive one. */
static int ask(const struct ends *e)
{
	char byte = 0;

	if (send(e->far, &byte, 1, MSG_NOSIGNAL) != 1 || recv(e->near, &byte, 1, 0) != 1 ||
	    send(e->near, &byte, 1, MSG_NOSIGNAL) != 1 || recv(e->far, &byte, 1, 0) != 1)
		return fail(-errno, NULL, "a request over '%s' was not answered", TRAFFIC_NEAR);
	return 0;
}

static int measure_requests(const struct traffic *t, double *ns, double *p99)
{
	owned_heap double *times = calloc(t->requests, sizeof(*times));
	struct ends ends;
	int err = ends_open(t, &ends, SOCK_STREAM);
	double begun = monotonic_ns(), before = begun;

	for (unsigned int i = 0; !err && times && i < t->requests; i++) {
		double now;

		err = ask(&ends);
		now = monotonic_ns();
		times[i] = now - before;
		before = now;
	}
	if (!err && times) {
		*ns = (before - begun) / t->requests;
		qsort(times, t->requests, sizeof(*times), compare);
		*p99 = times[(size_t)t->requests / 100 * 99];
	}
	ends_close(&ends);
	return times ? err : -ENOMEM;
}

static int send_packets(const struct ends *e, struct mmsghdr *messages)
{
	unsigned int done = 0;
	int now;

	for (unsigned int sent = 0; sent < BATCH; sent += (unsigned int)now) {
		now = sendmmsg(e->far, messages + sent, BATCH - sent, 0);
		if (now < 0)
			return fail(-errno, NULL, "cannot send packets over '%s'", TRAFFIC_NEAR);
	}
	for (; done < BATCH; done += (unsigned int)now) {
		now = recvmmsg(e->near, messages, BATCH, MSG_WAITFORONE, NULL);
		if (now < 0)
			return fail(-errno, NULL, "packets over '%s' were lost", TRAFFIC_NEAR);
	}
	return 0;
}

static int measure_packets(const struct traffic *t, double *ns)
{
	struct ends ends;
	struct iovec part = { sink, PACKET_BYTES };
	struct mmsghdr messages[BATCH] = {};
	int err = ends_open(t, &ends, SOCK_DGRAM);
	const unsigned int batches = t->packets / BATCH;
	double begun = monotonic_ns();

	for (int i = 0; i < BATCH; i++)
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &part, .msg_iovlen = 1 };
	for (unsigned int i = 0; !err && i < batches; i++)
		err = send_packets(&ends, messages);
	*ns = (monotonic_ns() - begun) / ((double)batches * BATCH);
	ends_close(&ends);
	return err;
}

/* -------------------------------------------------------------------------------------------- */

int traffic_open(struct traffic *t, int cpu, int other_cpu)
{
	t->cpu = cpu;
	t->other_cpu = other_cpu;
	t->own_namespace_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	t->namespace_fd = open("/run/netns/neighbour", O_RDONLY | O_CLOEXEC);
	return t->own_namespace_fd < 0 || t->namespace_fd < 0 ? fail(-errno, NULL, "cannot open the namespace 'neighbour'") : 0;
}

int traffic_measure(const struct traffic *t, struct traffic_figures *figures)
{
	int err = t->other_cpu < 0 ? 0 : measure_bulk(t, &figures->bulk);

	alone_begin();
	if (!err)
		err = measure_cpu(t, &figures->cpu);
	if (!err)
		err = measure_requests(t, &figures->request, &figures->request_p99);
	if (!err)
		err = measure_packets(t, &figures->packet);
	alone_end();
	return err;
}

void traffic_close(struct traffic *t)
{
	cleanup_fd(&t->namespace_fd);
	cleanup_fd(&t->own_namespace_fd);
}
