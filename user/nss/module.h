/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The functions of libnss_rollcall.so.2. libc finds them by their names. */
#ifndef ROLLCALL_NSS_MODULE_H
#define ROLLCALL_NSS_MODULE_H

#include <netdb.h>
#include <nss.h>
#include <stdint.h>
#include <sys/socket.h>

#define NSS_EXPORTED __attribute__((visibility("default")))

NSS_EXPORTED enum nss_status _nss_rollcall_gethostbyname4_r(const char *name, struct gaih_addrtuple **tuples, char *buffer,
							    size_t bytes, int *errnop, int *h_errnop, int32_t *ttl);
NSS_EXPORTED enum nss_status _nss_rollcall_gethostbyname3_r(const char *name, int family, struct hostent *host,
							    char *buffer, size_t bytes, int *errnop, int *h_errnop,
							    int32_t *ttl, char **canonical);
NSS_EXPORTED enum nss_status _nss_rollcall_gethostbyname2_r(const char *name, int family, struct hostent *host,
							    char *buffer, size_t bytes, int *errnop, int *h_errnop);
NSS_EXPORTED enum nss_status _nss_rollcall_gethostbyname_r(const char *name, struct hostent *host, char *buffer,
							   size_t bytes, int *errnop, int *h_errnop);
NSS_EXPORTED enum nss_status _nss_rollcall_gethostbyaddr2_r(const void *address, socklen_t address_bytes, int family,
							    struct hostent *host, char *buffer, size_t bytes,
							    int *errnop, int *h_errnop, int32_t *ttl);
NSS_EXPORTED enum nss_status _nss_rollcall_gethostbyaddr_r(const void *address, socklen_t address_bytes, int family,
							   struct hostent *host, char *buffer, size_t bytes,
							   int *errnop, int *h_errnop);

#endif
