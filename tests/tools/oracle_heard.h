/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What each side received: sets of (family, name, source address).
 *
 * Of the datagrams of the sockets, those count that were addressed to the group and announce a valid name. The rules
 * for names are implemented here independently of the filter. If a name was announced twice, the last source counts, as
 * in the table.
 */
#ifndef ROLLCALL_TESTS_ORACLE_HEARD_H
#define ROLLCALL_TESTS_ORACLE_HEARD_H

#include <bpf/bpf.h>

#include <rollcall/table.h>

#include "oracle_lan.h"
#include "oracle_message.h"

#define HEARD_MAX (2 * LAN_BURST_MAX)

struct heard_name {
	uint8_t family;
	char hostname[67];
	uint8_t source[16]; /* an IPv4 address is followed by zeros */
};

struct heard {
	struct heard_name names[HEARD_MAX];
	uint32_t count;
};

static inline struct heard_name *heard_find(struct heard *h, uint8_t family, const char *hostname)
{
	for (uint32_t i = 0; i < h->count; i++)
		if (h->names[i].family == family && !strcmp(h->names[i].hostname, hostname))
			return &h->names[i];
	return NULL;
}

static inline void heard_add(struct heard *h, const struct heard_name *name)
{
	struct heard_name *there = heard_find(h, name->family, name->hostname);

	if (!there && h->count == HEARD_MAX)
		abort();
	*(there ? there : &h->names[h->count++]) = *name;
}

static inline bool heard_take(struct heard *h, uint8_t family, const char *hostname)
{
	struct heard_name *there = heard_find(h, family, hostname);

	if (there)
		*there = h->names[--h->count];
	return there;
}

static inline int heard_compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct heard_name));
}

static inline bool heard_equal(struct heard *a, struct heard *b)
{
	qsort(a->names, a->count, sizeof(a->names[0]), heard_compare);
	qsort(b->names, b->count, sizeof(b->names[0]), heard_compare);
	return a->count == b->count && !memcmp(a->names, b->names, a->count * sizeof(a->names[0]));
}

static inline void heard_print(const struct heard *h, const char *who)
{
	char source[INET6_ADDRSTRLEN];

	printf("  %s heard %u\n", who, h->count);
	for (uint32_t i = 0; i < h->count; i++) {
		inet_ntop(h->names[i].family == 4 ? AF_INET : AF_INET6, h->names[i].source, source, sizeof(source));
		printf("  %s heard '%s' from %s\n", who, h->names[i].hostname, source);
	}
}

/* Parse the name that a payload from NAME->source announces. Returns false if there is none. */
static inline bool heard_parse(const uint8_t *payload, size_t bytes, struct heard_name *name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	bool message = message_begins(payload, bytes);
	const size_t prefix = message ? 28 : sizeof(ROLLCALL_PREFIX) - 1;
	uint8_t source[16] = { [10] = 0xff, [11] = 0xff };

	if (name->family == ROLLCALL_FAMILY_IPV4)
		memcpy(source + 12, name->source, 4);
	else
		memcpy(source, name->source, 16);
	if (message ? !message_announces(payload, bytes, source) : oracle_sealed)
		return false;
	if (bytes <= prefix || bytes - prefix > ROLLCALL_HOSTNAME_MAX ||
	    (!message && memcmp(payload, ROLLCALL_PREFIX, prefix)))
		return false;
	for (size_t i = prefix; i < bytes; i++)
		if (!payload[i] || !(strchr(letters, payload[i]) || (i > prefix && strchr("._-", payload[i]))))
			return false;
	for (size_t i = prefix; i < bytes; i++)
		name->hostname[i - prefix] = (char)(payload[i] >= 'A' && payload[i] <= 'Z' ? payload[i] + 32 : payload[i]);
	return true;
}

/* Was this datagram addressed to the group? */
static inline bool heard_to_group(struct msghdr *message)
{
	struct in6_pktinfo info6;
	struct in_pktinfo info4;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&info4, CMSG_DATA(c), sizeof(info4));
			return !memcmp(&info4.ipi_addr, lan_group4, sizeof(lan_group4));
		}
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&info6, CMSG_DATA(c), sizeof(info6));
			return !memcmp(&info6.ipi6_addr, lan_group6, sizeof(lan_group6));
		}
	}
	return false;
}

/* Receive one datagram. Returns whether there was one. */
static inline bool heard_receive_one(struct heard *h, int socket)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} from;
	_Alignas(struct cmsghdr) char control[256];
	uint8_t payload[FRAME_BYTES_MAX];
	struct iovec into = { payload, sizeof(payload) };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &into,
				  .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	ssize_t bytes = recvmsg(socket, &message, 0);
	struct heard_name name = {};

	if (bytes < 0)
		return false;
	name.family = from.any.sa_family == AF_INET ? ROLLCALL_FAMILY_IPV4 : ROLLCALL_FAMILY_IPV6;
	if (name.family == ROLLCALL_FAMILY_IPV4)
		memcpy(name.source, &from.in.sin_addr, 4);
	else
		memcpy(name.source, &from.in6.sin6_addr, 16);
	if (heard_to_group(&message) && heard_parse(payload, (size_t)bytes, &name))
		heard_add(h, &name);
	return true;
}

/* Receive all datagrams of SOCKET before MARKER. Returns 0 or -errno, reported. */
static inline int heard_receive(struct heard *h, int socket, uint8_t family, const char *marker)
{
	struct pollfd ready = { .fd = socket, .events = POLLIN };

	for (;;) {
		while (heard_receive_one(h, socket))
			;
		if (heard_take(h, family, marker))
			return 0;
		if (poll(&ready, 1, 10000) <= 0)
			return fail(-ETIMEDOUT, NULL, "the IPv%u socket did not get the end of a batch", family);
	}
}

/* Read and remove all entries of the table. Returns 0 or -errno, reported. */
static inline int heard_collect(struct heard *h, int peers_fd, uint32_t ifindex)
{
	struct rollcall_peer_key keys[HEARD_MAX];
	struct rollcall_peer peers[HEARD_MAX];
	uint32_t count = HEARD_MAX, place;

	if (bpf_map_lookup_and_delete_batch(peers_fd, NULL, &place, keys, peers, &count, NULL) && errno != ENOENT)
		return fail(-errno, NULL, "cannot read the table");
	for (uint32_t i = 0; i < count; i++) {
		struct heard_name name = { .family = keys[i].family };

		if (keys[i].ifindex != ifindex || keys[i].hostname[sizeof(name.hostname) - 1])
			return fail(-EBADMSG, NULL, "an entry that cannot be");
		memcpy(name.hostname, keys[i].hostname, sizeof(name.hostname));
		memcpy(name.source, name.family == ROLLCALL_FAMILY_IPV4 ? peers[i].ipv4 : peers[i].ipv6,
		       name.family == ROLLCALL_FAMILY_IPV4 ? 4 : 16);
		heard_add(h, &name);
	}
	return 0;
}

#endif
