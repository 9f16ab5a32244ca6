// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The checks that every request has to pass, and the loop. */
#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/message.h"
#include "base/notify.h"
#include "base/signals.h"
#include "clients.h"
#include "events.h"
#include "listener.h"
#include "origin.h"
#include "server.h"
#include "site.h"
#include "streams.h"

#define MEMORY_BYTES	  (16 << 10) /* of a connection: the limit of a request */
#define TIMEOUT_S	  15
#define OTHER_DESCRIPTORS 64UL /* the table, the history, the watcher */
#define TICK_NS		  NS_PER_S

struct server {
	struct site site;
	struct clients clients;
	struct events events;
	struct streams streams;
	struct MHD_Daemon *daemon;
};

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result count_host(void *context, __attribute__((unused)) enum MHD_ValueKind kind, const char *name,
				  __attribute__((unused)) const char *value)
{
	*(int *)context += !strcasecmp(name, MHD_HTTP_HEADER_HOST);
	return MHD_YES;
}

/* Returns false if REPLY is an error. */
static bool check_host(const struct http_config *config, struct MHD_Connection *connection, const char *version, struct reply *reply)
{
	const char *host = header_of(connection, MHD_HTTP_HEADER_HOST);
	int count = 0;

	MHD_get_connection_values(connection, MHD_HEADER_KIND, count_host, &count);
	if (count > 1 || (!host && strcmp(version, MHD_HTTP_VERSION_1_0) != 0)) {
		reply_error(reply, MHD_HTTP_BAD_REQUEST, "a request has one header 'Host'");
		return false;
	}
	if (!host || origin_is_allowed(host, config->hosts, config->host_count))
		return true;
	reply_error(reply, MHD_HTTP_MISDIRECTED_REQUEST, "'%.255s' is no name of this server: use its address, or start it with --host NAME", host);
	return false;
}

static bool has_body(struct MHD_Connection *connection)
{
	const char *length = header_of(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);

	return header_of(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING) || (length && strcmp(length, "0") != 0);
}

/* Returns the path, or NULL if REPLY is an error. */
static const struct path *check_request(const struct server *s, struct MHD_Connection *connection, const char *url, const char *method,
					const char *version, struct query *query, struct reply *reply)
{
	char why[QUERY_WHY_BYTES];
	const struct path *path;

	reply->ends = has_body(connection);
	if (!check_host(s->site.config, connection, version, reply))
		return NULL;
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
		reply->ends = true;
		reply_error(reply, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD are allowed");
		return NULL;
	}
	if (reply->ends) {
		reply_error(reply, MHD_HTTP_BAD_REQUEST, "a request has no body");
		return NULL;
	}
	path = site_path(url);
	if (!path)
		reply_error(reply, MHD_HTTP_NOT_FOUND, "nothing is served at this path");
	else if (query_parse(connection, path->parameters, query, why))
		reply_error(reply, MHD_HTTP_BAD_REQUEST, "%s", why);
	else
		return path;
	return NULL;
}

/* Does If-None-Match name the ETag, or any? */
static bool is_known(struct MHD_Connection *connection, const char *etag)
{
	const char *known = header_of(connection, MHD_HTTP_HEADER_IF_NONE_MATCH);

	return known && (!strcmp(known, "*") || strstr(known, etag));
}

static enum MHD_Result answer_events(struct server *s, struct MHD_Connection *connection, bool only_head, struct reply *reply)
{
	bool full;
	enum MHD_Result result = streams_answer(&s->streams, connection, header_of(connection, "Last-Event-ID"), only_head, &full);

	if (full) {
		reply_error(reply, MHD_HTTP_SERVICE_UNAVAILABLE, "there are %d event streams already", STREAMS_MAX);
		return reply_send(reply, connection);
	}
	if (!only_head)
		client_set_phase(connection, CLIENT_FOLLOWS);
	return result;
}

/*
 * See MHD_AccessHandlerCallback. It is called when the headers were read, and again at the end of the request. An answer
 * that is queued in the first call closes the connection, so the body of a request is never read.
 */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url, const char *method,
				  const char *version, __attribute__((unused)) const char *upload, size_t *upload_bytes, void **request)
{
	struct server *s = context;
	struct reply reply = {};
	const struct path *path;
	struct query query = {};

	*upload_bytes = 0;
	if (!*request && !has_body(connection)) {
		*request = s;
		return MHD_YES;
	}
	client_set_phase(connection, CLIENT_READS);
	path = check_request(s, connection, url, method, version, &query, &reply);
	if (path && !path->answer)
		return answer_events(s, connection, !strcmp(method, MHD_HTTP_METHOD_HEAD), &reply);
	if (path)
		path->answer(&s->site, &query, &reply);
	if (reply.etag && is_known(connection, reply.etag)) {
		reply.status = MHD_HTTP_NOT_MODIFIED;
		reply.bytes = 0;
	}
	return reply_send(&reply, connection);
}

static void on_completed(__attribute__((unused)) void *context, struct MHD_Connection *connection,
			 __attribute__((unused)) void **request, __attribute__((unused)) enum MHD_RequestTerminationCode code)
{
	client_set_phase(connection, CLIENT_ASKS);
}

/* Percent signs stay: a path with one is no known path, and query.c decodes the values itself. */
static size_t leave_escaped(__attribute__((unused)) void *context, __attribute__((unused)) struct MHD_Connection *connection, char *text)
{
	return strlen(text);
}

static void on_log(void *context, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

static void on_log(__attribute__((unused)) void *context, const char *format, va_list args)
{
	char text[MESSAGE_BYTES];

	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\r\n")] = '\0';
	verbose("libmicrohttpd: %s", text);
}

/* The number of connections that this process has descriptors for. */
static unsigned int clients_possible(void)
{
	const rlim_t wanted = CLIENTS_MAX + OTHER_DESCRIPTORS;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= wanted)
		return CLIENTS_MAX;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= wanted)
		return CLIENTS_MAX;
	limit.rlim_cur = limit.rlim_cur > 2 * OTHER_DESCRIPTORS ? limit.rlim_cur - OTHER_DESCRIPTORS : OTHER_DESCRIPTORS;
	warn("the limit of open files allows %u connections, not %d: raise it (LimitNOFILE=, ulimit -n)", (unsigned int)limit.rlim_cur,
	     CLIENTS_MAX);
	return (unsigned int)limit.rlim_cur;
}

/* Returns 0 or -errno, reported. */
static int server_start(struct server *s, int listener)
{
	s->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, s,
		MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET, listener,
		MHD_OPTION_CONNECTION_LIMIT, clients_possible(), MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)TIMEOUT_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_NOTIFY_CONNECTION, clients_notify, &s->clients,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
	return s->daemon ? 0 : fail(0, "-v prints the reason", "cannot start libmicrohttpd");
}

/* Milliseconds until something is due, or -1. While there are clients, deadlines are checked once a second. */
static int poll_timeout(const struct server *s)
{
	MHD_UNSIGNED_LONG_LONG ms;
	int timeout = s->clients.first || !s->events.is_open ? (int)(TICK_NS / NS_PER_MS) : -1;

	if (MHD_get_timeout(s->daemon, &ms) == MHD_YES && (timeout < 0 || ms < (unsigned int)timeout))
		timeout = (int)ms;
	return timeout;
}

/* Returns 0 after a signal, or -errno, reported. */
static int server_follow(struct server *s, int signal_fd)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	uint64_t checked_ns = 0;
	enum { SIGNALS, REQUESTS, TABLE, HANGUPS, SOURCES };

	for (;;) {
		struct pollfd fds[SOURCES] = {
			[SIGNALS] = { .fd = signal_fd, .events = POLLIN }, [REQUESTS] = { .fd = info->epoll_fd, .events = POLLIN },
			[HANGUPS] = { .fd = s->streams.hangups, .events = POLLIN },
		};

		events_turn(&s->events);
		streams_turn(&s->streams);
		MHD_run(s->daemon);
		if (rollcall_now_ns() - checked_ns >= TICK_NS) {
			clients_drop_late(&s->clients);
			checked_ns = rollcall_now_ns();
		}
		fds[TABLE] = (struct pollfd){ .fd = events_fd(&s->events), .events = POLLIN };
		if (poll(fds, SOURCES, poll_timeout(s)) < 0 && errno != EINTR)
			return fail(-errno, NULL, "cannot wait for requests");
		if (fds[SIGNALS].revents)
			return 0;
	}
}

static void server_stop(struct server *s)
{
	if (!s->daemon)
		return;
	streams_end(&s->streams); /* libmicrohttpd stops only without suspended connections */
	MHD_run(s->daemon);
	MHD_stop_daemon(s->daemon);
}

int server_run(const struct http_config *config)
{
	struct server s = { .site.config = config, .streams.hangups = -1 };
	owned_fd signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, SIGHUP, 0 });
	char text[LISTENER_TEXT];
	int listener = -1, err;

	if (signal_fd < 0)
		return signal_fd;
	err = expected_open(&s.site.expected, config->expect);
	if (!err)
		err = events_open(&s.events, config->dir);
	if (!err)
		err = streams_open(&s.streams, &s.events.ring);
	if (!err)
		err = listener = listener_open(config);
	if (err >= 0)
		err = server_start(&s, listener); /* which closes the listener when it stops */
	if (!err) {
		inform("listening on %s", listener_text(listener, text));
		notify("READY=1");
		err = server_follow(&s, signal_fd);
		notify("STOPPING=1");
	}
	server_stop(&s);
	streams_close(&s.streams);
	events_close(&s.events);
	expected_close(&s.site.expected);
	return err;
}
