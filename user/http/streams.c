// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* libmicrohttpd asks a stream for bytes when its socket has room. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/message.h"
#include "reply.h"
#include "streams.h"

#define RETRY_MS     2000
#define KEEPALIVE_NS (15 * NS_PER_S)
#define BLOCK_BYTES  4096
/* What the kernel may keep for a client that does not read. */
#define SEND_BYTES   (32 << 10)

struct stream {
	struct streams *all;
	struct stream *next, *previous;
	struct MHD_Connection *connection;
	int fd;
	char head[160]; /* sent before the events, and later a comment */
	size_t head_bytes, head_sent;
	uint64_t next_id; /* the event that is sent next, or in parts */
	size_t sent;	  /* bytes of it */
	uint64_t written_ns;
	bool suspended, ended;
};

int streams_open(struct streams *s, const struct ring *ring)
{
	*s = (struct streams){ .ring = ring, .hangups = epoll_create1(EPOLL_CLOEXEC) };
	return s->hangups < 0 ? fail(-errno, NULL, "cannot wait for events") : 0;
}

static void stream_free(void *context)
{
	struct stream *stream = context;
	struct streams *all = stream->all;

	if (all) {
		epoll_ctl(all->hangups, EPOLL_CTL_DEL, stream->fd, NULL);
		if (stream->previous)
			stream->previous->next = stream->next;
		else
			all->first = stream->next;
		if (stream->next)
			stream->next->previous = stream->previous;
		all->count--;
	}
	free(stream);
}

/* Copy as much as fits of BYTES at TEXT, of which *SENT were copied before. Returns the number. */
static size_t copy_rest(char *to, size_t room, const char *text, size_t bytes, size_t *sent)
{
	size_t count = bytes - *sent < room ? bytes - *sent : room;

	memcpy(to, text + *sent, count);
	*sent += count;
	return count;
}

static size_t copy_events(struct stream *stream, char *to, size_t room)
{
	const struct ring *ring = stream->all->ring;
	size_t used = 0;

	while (used < room && stream->next_id < ring->next_id) {
		size_t bytes;
		const char *text = ring_text(ring, stream->next_id, &bytes);

		used += copy_rest(to + used, room - used, text, bytes, &stream->sent);
		if (stream->sent < bytes)
			break;
		stream->next_id++;
		stream->sent = 0;
	}
	return used;
}

/* See MHD_ContentReaderCallback. */
static ssize_t stream_read(void *context, __attribute__((unused)) uint64_t position, char *to, size_t room)
{
	struct stream *stream = context;
	size_t used;

	if (!stream->all || stream->ended || stream->next_id < stream->all->ring->first_id)
		return MHD_CONTENT_READER_END_OF_STREAM;
	used = copy_rest(to, room, stream->head, stream->head_bytes, &stream->head_sent);
	used += copy_events(stream, to + used, room - used);
	if (used) {
		stream->written_ns = rollcall_now_ns();
		return (ssize_t)used;
	}
	MHD_suspend_connection(stream->connection);
	stream->suspended = true;
	return 0;
}

/* A client that was here before continues after its last event, if the ring still has all that followed. */
static void stream_begin(struct stream *stream, const char *last_id)
{
	const struct ring *ring = stream->all->ring;
	unsigned long long last = 0;
	char *end = NULL;
	int bytes;

	stream->next_id = ring->next_id;
	bytes = snprintf(stream->head, sizeof(stream->head), "retry: %d\n", RETRY_MS);
	if (last_id) {
		errno = 0;
		last = strtoull(last_id, &end, 10);
	}
	if (end && end != last_id && !*end && !errno && last + 1 >= ring->first_id && last < ring->next_id)
		stream->next_id = last + 1;
	else if (last_id)
		bytes += snprintf(stream->head + bytes, sizeof(stream->head) - (size_t)bytes, "event: reload\ndata: {}\n");
	/* the id tells the client where it is, even if nothing happens until it comes back */
	bytes += snprintf(stream->head + bytes, sizeof(stream->head) - (size_t)bytes, "id: %llu\n\n",
			  (unsigned long long)stream->next_id - 1);
	stream->head_bytes = (size_t)bytes;
}

static void stream_add(struct streams *s, struct stream *stream)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(stream->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct epoll_event event = { .events = EPOLLRDHUP | EPOLLET, .data.ptr = stream };
	int bytes = SEND_BYTES;

	stream->all = s;
	stream->fd = info ? info->connect_fd : -1;
	stream->next = s->first;
	if (s->first)
		s->first->previous = stream;
	s->first = stream;
	s->count++;
	setsockopt(stream->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	epoll_ctl(s->hangups, EPOLL_CTL_ADD, stream->fd, &event); /* without it a loss is noticed at the next write */
}

enum MHD_Result streams_answer(struct streams *s, struct MHD_Connection *connection, const char *last_id, bool only_head, bool *full)
{
	struct MHD_Response *response;
	enum MHD_Result result;
	struct stream *stream;

	*full = s->count >= STREAMS_MAX;
	if (*full)
		return MHD_NO;
	stream = calloc(1, sizeof(*stream));
	if (!stream)
		return MHD_NO;
	stream->connection = connection;
	stream->written_ns = rollcall_now_ns();
	response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, stream_read, stream, stream_free);
	if (!response) {
		free(stream);
		return MHD_NO;
	}
	if (!only_head) {
		stream_add(s, stream);
		stream_begin(stream, last_id);
	}
	reply_add_headers(response, "text/event-stream");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* nginx would keep the events */
	result = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	return result;
}

static void stream_resume(struct stream *stream)
{
	if (!stream->suspended)
		return;
	stream->suspended = false;
	MHD_resume_connection(stream->connection);
}

static void note_hangups(struct streams *s)
{
	struct epoll_event events[64];
	int count;

	while ((count = epoll_wait(s->hangups, events, sizeof(events) / sizeof(events[0]), 0)) > 0) {
		for (int i = 0; i < count; i++) {
			struct stream *stream = events[i].data.ptr;

			stream->ended = true;
			stream_resume(stream);
		}
	}
}

void streams_turn(struct streams *s)
{
	uint64_t now_ns = rollcall_now_ns();

	note_hangups(s);
	for (struct stream *stream = s->first; stream; stream = stream->next) {
		if (!stream->suspended)
			continue;
		if (stream->next_id < s->ring->next_id) {
			stream_resume(stream);
		} else if (now_ns - stream->written_ns >= KEEPALIVE_NS) {
			stream->head_bytes = (size_t)snprintf(stream->head, sizeof(stream->head), ":\n\n");
			stream->head_sent = 0;
			stream_resume(stream);
		}
	}
}

void streams_end(struct streams *s)
{
	for (struct stream *stream = s->first; stream; stream = stream->next) {
		stream->ended = true;
		stream_resume(stream);
	}
}

void streams_close(struct streams *s)
{
	cleanup_fd(&s->hangups);
}
