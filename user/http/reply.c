// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Headers, errors, and the transfer of a body to libmicrohttpd, which frees it when it was sent. */
#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/message.h"
#include "reply.h"

#define POLICY                                                                                                       \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " \
	"form-action 'none'; frame-ancestors 'none'"

#define RETRY_AFTER_S "5"

void reply_add_headers(struct MHD_Response *response, const char *type)
{
	if (type)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, "Content-Security-Policy", POLICY);
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
}

FILE *reply_open(struct reply *reply, const char *type)
{
	reply->status = MHD_HTTP_OK;
	reply->type = type;
	if (body_open(&reply->body))
		reply_error(reply, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory");
	return reply->body.out;
}

void reply_close(struct reply *reply, int err, const char *why)
{
	switch (body_close(&reply->body)) {
	case 0:
		if (err)
			reply_error(reply, MHD_HTTP_SERVICE_UNAVAILABLE, "%s", *why ? why : "out of memory");
		return;
	case -E2BIG:
		reply_error(reply, MHD_HTTP_SERVICE_UNAVAILABLE, "the answer is larger than %lu MB: ask for fewer hosts, or a shorter time",
			    BODY_BYTES_MAX >> 20);
		return;
	case -EBUSY:
		reply_error(reply, MHD_HTTP_SERVICE_UNAVAILABLE, "too many answers are being sent: try again");
		return;
	default:
		reply_error(reply, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory");
	}
}

void reply_error(struct reply *reply, unsigned int status, const char *why, ...)
{
	struct json_object *o = json_object_new_object();
	char text[MESSAGE_BYTES];
	va_list args;

	va_start(args, why);
	vsnprintf(text, sizeof(text), why, args);
	va_end(args);
	body_free(&reply->body);
	*reply = (struct reply){ .status = status, .type = TYPE_JSON, .ends = reply->ends };
	json_object_object_add(o, "error", json_object_new_string(text));
	if (!body_open(&reply->body)) {
		fprintf(reply->body.out, "%s\n", json_object_to_json_string_ext(o, JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE));
		body_close(&reply->body);
	}
	json_object_put(o);
}

/* What libmicrohttpd sends. */
struct sent {
	char *text;
	size_t room;
};

static void sent_free(void *context)
{
	struct sent *sent = context;

	body_free_text(sent->text, sent->room);
	free(sent);
}

/* The response owns the body. Returns NULL without memory. */
static struct MHD_Response *response_of(struct reply *reply)
{
	struct MHD_Response *response;
	struct sent *sent;

	if (reply->text)
		return MHD_create_response_from_buffer(reply->bytes, (void *)reply->text, MHD_RESPMEM_PERSISTENT);
	if (!reply->body.bytes)
		return MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
	sent = malloc(sizeof(*sent));
	if (!sent)
		return NULL;
	*sent = (struct sent){ reply->body.text, reply->body.room };
	response = MHD_create_response_from_buffer_with_free_callback_cls(reply->body.bytes, reply->body.text, sent_free, sent);
	if (response)
		reply->body = (struct body){};
	else
		free(sent);
	return response;
}

enum MHD_Result reply_send(struct reply *reply, struct MHD_Connection *connection)
{
	struct MHD_Response *response = response_of(reply);
	enum MHD_Result result;

	body_free(&reply->body);
	if (!response)
		return MHD_NO; /* the connection is closed */
	reply_add_headers(response, reply->type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, reply->etag ? "no-cache" : "no-store");
	if (reply->etag)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, reply->etag);
	if (reply->status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	if (reply->status == MHD_HTTP_SERVICE_UNAVAILABLE)
		MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_AFTER_S);
	if (reply->ends)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	result = MHD_queue_response(connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}
