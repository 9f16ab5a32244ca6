/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The socket that connections arrive at. */
#ifndef ROLLCALL_LISTENER_H
#define ROLLCALL_LISTENER_H

#include "config.h"

/*
 * Return the socket that the service manager passed (LISTEN_FDS of sd_listen_fds(3)), or one that is bound to the address
 * of CONFIG. It is not blocking. Returns the descriptor, or -errno, reported.
 */
int listener_open(const struct http_config *config);

#define LISTENER_TEXT 64

/* Write the address of the socket as ADDR:PORT. Returns TEXT. */
char *listener_text(int fd, char text[LISTENER_TEXT]);

#endif
