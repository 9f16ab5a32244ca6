/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Packing an answer into the caller's buffer, at whatever address that begins. Each returns 0, -ERANGE
 * if it is too small, or -ESRCH if the answer has nothing of the kind.
 */
#ifndef ROLLCALL_NSS_RESULT_H
#define ROLLCALL_NSS_RESULT_H

#include <netdb.h>
#include <nss.h>
#include <stddef.h>

#include "answer.h"

/* All addresses, with their scopes. *TUPLES may already be room for the first one. */
int result_tuples(const struct nss_answer *answer, struct gaih_addrtuple **tuples, char *buffer, size_t bytes);

/*
 * The addresses of one family. There is no place for a scope, without which a link-local address
 * is no use, so they are left out where the host has any other address.
 */
int result_host(const struct nss_answer *answer, int family, struct hostent *host, char *buffer, size_t bytes);

#endif
