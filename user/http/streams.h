/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Event streams (server-sent events). A stream without news is suspended: it costs its connection and no time. Its
 * position in the ring is all that it has of the events, so a slow client costs no memory: when the ring has overtaken
 * it, it is ended, and the client reloads.
 */
#ifndef ROLLCALL_STREAMS_H
#define ROLLCALL_STREAMS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "ring.h"

#define STREAMS_MAX 1024

struct stream;

struct streams {
	const struct ring *ring; /* not owned */
	struct stream *first;
	size_t count;
	int hangups; /* an epoll descriptor: readable when the client of a suspended stream has closed its connection */
};

/* Returns 0 or -errno, reported. */
int streams_open(struct streams *s, const struct ring *ring);

/*
 * Answer a request for the events. LAST_ID is the value of Last-Event-ID, or NULL. For a HEAD request, only the headers
 * are sent. Sets *FULL if there are too many streams; then nothing was queued. Returns as MHD_queue_response() does.
 */
enum MHD_Result streams_answer(struct streams *s, struct MHD_Connection *connection, const char *last_id, bool only_head, bool *full);

/* Resume the streams that have something to send, and those whose client has gone. Call it after each turn. */
void streams_turn(struct streams *s);

/* End all streams. They are ended when libmicrohttpd runs. */
void streams_end(struct streams *s);

/* All streams are freed before, by libmicrohttpd. */
void streams_close(struct streams *s);

#endif
