/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The open connections, and how long each may take. The timeout of libmicrohttpd begins again with every byte, so a
 * client that sends or reads a byte from time to time could keep its connection for ever.
 */
#ifndef ROLLCALL_CLIENTS_H
#define ROLLCALL_CLIENTS_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#define CLIENTS_MAX 1100

struct client;

struct clients {
	struct client *first;
	size_t count;
};

/* See MHD_NotifyConnectionCallback. CONTEXT is the struct clients. */
void clients_notify(void *context, struct MHD_Connection *connection, void **client, enum MHD_ConnectionNotificationCode code);

enum client_phase { CLIENT_ASKS, CLIENT_READS, CLIENT_FOLLOWS };

/* A new phase of a connection begins: it sends a request, reads the answer, or follows events, which has no limit. */
void client_set_phase(struct MHD_Connection *connection, enum client_phase phase);

/* Shut down the connections whose phase takes too long. */
void clients_drop_late(const struct clients *clients);

#endif
