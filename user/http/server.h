/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The HTTP server: one thread, which answers requests, follows the table and feeds the event streams. It only reads: the
 * table, the history, and the file of expected hosts.
 */
#ifndef ROLLCALL_SERVER_H
#define ROLLCALL_SERVER_H

#include "config.h"

/* Serve until SIGTERM, SIGINT or SIGHUP. Returns 0 after a signal, or -errno, reported. */
int server_run(const struct http_config *config);

#endif
