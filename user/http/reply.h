/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An answer to a request, before it is handed to libmicrohttpd. */
#ifndef ROLLCALL_REPLY_H
#define ROLLCALL_REPLY_H

#include <microhttpd.h>
#include <stdbool.h>

#include "body.h"

#define TYPE_JSON "application/json"
#define TYPE_TEXT "text/plain; charset=utf-8"
#define TYPE_HTML "text/html; charset=utf-8"

/* It must not be moved while its body is open. Set it to zero first. */
struct reply {
	unsigned int status;
	const char *type;
	struct body body;
	const void *text; /* instead of the body: constant, not owned */
	size_t bytes;
	const char *etag; /* of a constant text; NULL: the answer is live, and must not be stored */
	bool ends;	  /* the connection is closed after it */
};

/* Open the body for an answer with the status 200. Returns the stream, or NULL: then REPLY is an error. */
FILE *reply_open(struct reply *reply, const char *type);

/* Close the body. If ERR or a limit made it incomplete, REPLY becomes an error with the reason WHY, which may be "". */
void reply_close(struct reply *reply, int err, const char *why);

/* Make REPLY an object {"error": "WHY"}, with STATUS. What was written before is dropped. */
void reply_error(struct reply *reply, unsigned int status, const char *why, ...) __attribute__((format(printf, 3, 4)));

/* Send REPLY, and free it. Returns as MHD_queue_response() does. */
enum MHD_Result reply_send(struct reply *reply, struct MHD_Connection *connection);

/* Add the headers of every answer. TYPE may be NULL. */
void reply_add_headers(struct MHD_Response *response, const char *type);

#endif
