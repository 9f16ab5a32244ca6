/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A sender: one socket for one interface and one family. It does not bind a UDP port, so it does not collide with a
 * listener on the same host.
 *
 * The source address is an address of the interface. By default Linux uses an address of another interface if this one
 * has no address, or none of global scope.
 */
#ifndef ROLLCALL_SENDER_H
#define ROLLCALL_SENDER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include <rollcall/wire.h>

#include "net/netdev.h"

struct sender {
	uint32_t id;	   /* of its interface; see announcer_add() */
	struct netdev dev; /* as it was last seen */
	int fd;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} group;
	char announced_as[ROLLCALL_HOSTNAME_MAX + 1]; /* the hostname of the last announcement; "": none was sent */
	bool was_down;	/* the link was down since the last announcement */
	int err;	/* result of the last announcement, or why it could not be tried again */
	int missed;	/* announcements since then for which there was no address; see LOST_BEATS */
	int reported;	/* of an interface's first sender: the error that was logged and is not over */
	bool announced; /* of an interface's first sender: the start of announcing was reported */
};

/* GROUP has 4 or 16 bytes, depending on FAMILY (AF_*). Returns 0, or -errno, not logged, with nothing to close. */
int sender_open(struct sender *s, uint32_t id, const struct netdev *dev, int family, const void *group, uint16_t port);
void sender_close(struct sender *s);

/* Use interface DEV from now on. Returns 0, or -errno, not logged, if it does not exist. */
int sender_bind(struct sender *s, const struct netdev *dev);

/* Write the source address as text, or "" if there is none. Returns TEXT. */
#define SENDER_SOURCE_TEXT INET6_ADDRSTRLEN
char *sender_source_text(const struct sender *s, char text[SENDER_SOURCE_TEXT]);

/*
 * Why it lacks an address: the interface has none of the family, or the kernel checks whether another host has it, or
 * another host has it (RFC 4862, 5.4).
 */
enum sender_lack { SENDER_NO_ADDRESS, SENDER_TENTATIVE, SENDER_DUPLICATE };
enum sender_lack sender_lack(const struct sender *s);

/* Can it send now? Returns 0, or -errno: -ENODEV, -ENETDOWN, -EADDRNOTAVAIL (no address) or another. */
int sender_check(const struct sender *s);

/* The source address of a datagram. */
struct sender_source {
	bool chosen;	   /* false: the kernel chooses it */
	uint8_t bytes[16]; /* IPv4: ::ffff:a.b.c.d */
};

/*
 * Find the source address for a datagram that is sent now. Over IPv4 it is always chosen. Over IPv6 it is chosen only
 * if CHOOSE is set: it is then the one that the kernel would choose. Returns as sender_check() does.
 */
int sender_find_source(const struct sender *s, bool choose, struct sender_source *source);

/*
 * Send a datagram made of PARTS from SOURCE. It never blocks. Returns as sender_check() does; -EAGAIN: the queue is
 * full.
 */
int sender_send(const struct sender *s, const struct sender_source *source, const struct iovec *parts, int count);

#endif
