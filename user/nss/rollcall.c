// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * libnss_rollcall.so.2: hosts on the LAN by name, for programs that ask libc (getaddrinfo(3)).
 *
 *	question -> policy.c -> maps.c, or iterator.c -> answer.c -> result.c -> the caller's buffer
 *
 * The module runs in the processes of other programs. So it requires only libc, keeps no state between calls, prints
 * nothing, and leaves no descriptor open.
 */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include "module.h"
#include "lib/name.h"
#include "result.h"
#include "source.h"

/* A seccomp filter may kill the process for a system call that it does not know, such as bpf(2). */
static bool is_filtered(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 0;
}

/* If the maps cannot be read, as without privileges before Linux 5.19, the iterator may still be readable. */
static int ask(struct nss_question *question, struct nss_answer *answer)
{
	if (!is_filtered() && !maps_ask(question, answer))
		return 0;
	answer->count = 0;
	answer->is_sealed = false;
	return iterator_ask(question, answer);
}

/* Find NAME in lower case, as the filter records names. */
static int find_name(const char *name, struct nss_answer *answer)
{
	struct nss_question question = { .name = name };

	answer->count = 0;
	answer->left_ns = 0;
	answer->is_sealed = answer->may_be_shadowed = false;
	if (!policy_allows(&question.policy, name))
		return 0;
	for (size_t i = 0; i <= strlen(name); i++)
		answer->name[i] = hostname_lower(name[i]);
	question.name = answer->name;
	return ask(&question, answer);
}

static int find_address(const void *bytes, int family, struct nss_answer *answer)
{
	struct nss_question question = { .address.family = family };

	answer->count = 0;
	answer->left_ns = 0;
	answer->is_sealed = answer->may_be_shadowed = false;
	memcpy(question.address.bytes, bytes, address_bytes(family));
	return ask(&question, answer);
}

/* Translate ERR for glibc. This must be the last step, because ERRNOP usually points to errno itself. */
static enum nss_status say(int err, int *errnop, int *h_errnop)
{
	if (!err) {
		*h_errnop = NETDB_SUCCESS;
		return NSS_STATUS_SUCCESS;
	}
	*errnop = -err;
	switch (err) {
	case -ESRCH:
		*errnop = ENOENT;
		*h_errnop = HOST_NOT_FOUND;
		return NSS_STATUS_NOTFOUND;
	case -ERANGE:
		*h_errnop = NETDB_INTERNAL;
		return NSS_STATUS_TRYAGAIN;
	case -ENOMEM:
	case -EMFILE:
	case -ENFILE:
		*h_errnop = TRY_AGAIN;
		return NSS_STATUS_TRYAGAIN;
	default:
		*h_errnop = NO_RECOVERY;
		return NSS_STATUS_UNAVAIL;
	}
}

/* Set the TTL for caches, so that no answer is kept longer than its entry. */
static void tell_ttl(const struct nss_answer *answer, int32_t *ttl)
{
	int64_t seconds = answer->left_ns / 1000000000;

	if (ttl)
		*ttl = seconds < 0 ? 0 : seconds > INT32_MAX ? INT32_MAX : (int32_t)seconds;
}

enum nss_status _nss_rollcall_gethostbyname4_r(const char *name, struct gaih_addrtuple **tuples, char *buffer,
					       size_t bytes, int *errnop, int *h_errnop, int32_t *ttl)
{
	struct nss_answer answer;
	int err = find_name(name, &answer);

	if (!err)
		err = result_tuples(&answer, tuples, buffer, bytes);
	if (!err)
		tell_ttl(&answer, ttl);
	return say(err, errnop, h_errnop);
}

enum nss_status _nss_rollcall_gethostbyname3_r(const char *name, int family, struct hostent *host, char *buffer,
					       size_t bytes, int *errnop, int *h_errnop, int32_t *ttl, char **canonical)
{
	struct nss_answer answer;
	int err = family == AF_INET || family == AF_INET6 ? find_name(name, &answer) : -EAFNOSUPPORT;

	if (!err)
		err = result_host(&answer, family, host, buffer, bytes);
	if (!err)
		tell_ttl(&answer, ttl);
	if (!err && canonical)
		*canonical = host->h_name;
	return say(err, errnop, h_errnop);
}

enum nss_status _nss_rollcall_gethostbyname2_r(const char *name, int family, struct hostent *host, char *buffer,
					       size_t bytes, int *errnop, int *h_errnop)
{
	return _nss_rollcall_gethostbyname3_r(name, family, host, buffer, bytes, errnop, h_errnop, NULL, NULL);
}

enum nss_status _nss_rollcall_gethostbyname_r(const char *name, struct hostent *host, char *buffer, size_t bytes,
					      int *errnop, int *h_errnop)
{
	return _nss_rollcall_gethostbyname3_r(name, AF_INET, host, buffer, bytes, errnop, h_errnop, NULL, NULL);
}

enum nss_status _nss_rollcall_gethostbyaddr2_r(const void *address, socklen_t length, int family, struct hostent *host,
					       char *buffer, size_t bytes, int *errnop, int *h_errnop, int32_t *ttl)
{
	struct nss_answer answer;
	int err = -EAFNOSUPPORT;

	if ((family == AF_INET || family == AF_INET6) && length == address_bytes(family))
		err = find_address(address, family, &answer);
	if (!err)
		err = result_host(&answer, family, host, buffer, bytes);
	if (!err)
		tell_ttl(&answer, ttl);
	return say(err, errnop, h_errnop);
}

enum nss_status _nss_rollcall_gethostbyaddr_r(const void *address, socklen_t length, int family, struct hostent *host,
					      char *buffer, size_t bytes, int *errnop, int *h_errnop)
{
	return _nss_rollcall_gethostbyaddr2_r(address, length, family, host, buffer, bytes, errnop, h_errnop, NULL);
}
