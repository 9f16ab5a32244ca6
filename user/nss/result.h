/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Pack an answer into the caller's buffer, which may begin at any address. Each function returns 0, -ERANGE
 * if the buffer is too small, or -ESRCH if the answer has no such addresses.
 */
#ifndef ROLLCALL_NSS_RESULT_H
#define ROLLCALL_NSS_RESULT_H

#include <netdb.h>
#include <nss.h>
#include <stddef.h>

#include "answer.h"

/* All addresses, with their scopes. If *TUPLES is not NULL, it is room for the first one. */
int result_tuples(const struct nss_answer *answer, struct gaih_addrtuple **tuples, char *buffer, size_t bytes);

/*
 * The addresses of one family. A struct hostent has no field for a scope, and a link-local address without
 * scope is useless. So link-local addresses are left out if the host has any other address.
 */
int result_host(const struct nss_answer *answer, int family, struct hostent *host, char *buffer, size_t bytes);

#endif
