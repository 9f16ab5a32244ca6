/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The names under which requests may address this server (the header Host). A web page of another site could otherwise
 * have its own name resolve to this server's address, and read the answers (DNS rebinding).
 */
#ifndef ROLLCALL_ORIGIN_H
#define ROLLCALL_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Is HOST, with or without a port, an IP address, "localhost", or one of NAMES? Compared without case. An IPv6 address is
 * in brackets.
 */
bool origin_is_allowed(const char *host, const char *const *names, size_t count);

#endif
