// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Deadlines. A socket that is shut down is closed by libmicrohttpd at once. */
#include <stdlib.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "clients.h"

#define ASK_NS	(15 * NS_PER_S)
#define READ_NS (60 * NS_PER_S)
/* What the kernel may keep for a client that reads slowly, after the answer was freed. Its own limit is megabytes. */
#define SEND_BYTES (128 << 10)

struct client {
	struct client *next, *previous;
	int fd;
	enum client_phase phase;
	uint64_t since_ns;
};

static void client_add(struct clients *clients, struct MHD_Connection *connection, struct client **added)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct client *client = calloc(1, sizeof(*client));
	int bytes = SEND_BYTES;

	*added = client;
	if (!client)
		return; /* the timeout of libmicrohttpd is left */
	*client = (struct client){ .next = clients->first, .fd = info ? info->connect_fd : -1, .since_ns = rollcall_now_ns() };
	setsockopt(client->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	if (clients->first)
		clients->first->previous = client;
	clients->first = client;
	clients->count++;
}

static void client_remove(struct clients *clients, struct client *client)
{
	if (!client)
		return;
	if (client->previous)
		client->previous->next = client->next;
	else
		clients->first = client->next;
	if (client->next)
		client->next->previous = client->previous;
	clients->count--;
	free(client);
}

void clients_notify(void *context, struct MHD_Connection *connection, void **client, enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		client_add(context, connection, (struct client **)client);
	} else {
		client_remove(context, *client);
		*client = NULL;
	}
}

void client_set_phase(struct MHD_Connection *connection, enum client_phase phase)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct client *client = info ? info->socket_context : NULL;

	if (!client)
		return;
	client->phase = phase;
	client->since_ns = rollcall_now_ns();
}

void clients_drop_late(const struct clients *clients)
{
	uint64_t now_ns = rollcall_now_ns();

	for (struct client *client = clients->first; client; client = client->next) {
		uint64_t took_ns = now_ns - client->since_ns;

		if ((client->phase == CLIENT_ASKS && took_ns > ASK_NS) || (client->phase == CLIENT_READS && took_ns > READ_NS))
			shutdown(client->fd, SHUT_RDWR);
	}
}
