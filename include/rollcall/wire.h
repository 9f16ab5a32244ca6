/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The two formats on the wire, and how often they are sent.
 *
 * A plain announcement is the prefix and the hostname, to the end of the UDP datagram. So nothing may ever be
 * appended to it. A message (version 1) is a goodbye, or an announcement that is sealed with a key.
 * Group, port, prefix and interval are the defaults that existing senders use; each of them is an option.
 */
#ifndef ROLLCALL_WIRE_H
#define ROLLCALL_WIRE_H

#include <linux/types.h>

#include "fixed.h"

/* Groups, bytes in network order: 239.2.3.4 (RFC 2365, organization-local) and ff02::ef02:304. */
#define ROLLCALL_GROUP4 { 239, 2, 3, 4 }
#define ROLLCALL_GROUP6 { 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xef, 0x02, 0x03, 0x04 }

/* UDP destination port, host order. A receiver must not care about the source port. */
#define ROLLCALL_PORT 49001

/* TTL and hop limit of announcements: they never leave the segment. */
#define ROLLCALL_TTL 1

#define ROLLCALL_PREFIX "multitastic:"
#define ROLLCALL_PREFIX_MAX 32 /* bytes */

/* Bytes of A-Z a-z 0-9 . _ -, the first a letter or digit (Linux: HOST_NAME_MAX). */
#define ROLLCALL_HOSTNAME_MAX 64

#define ROLLCALL_MESSAGE_PREFIX	      "rollcall1:"
#define ROLLCALL_MESSAGE_PREFIX_BYTES 10

#define ROLLCALL_MESSAGE_GOODBYE 1 /* in `flags`; the other bits are zero */

/* The bytes before the hostname, which ends with the datagram. All fields are bytes: the datagram is not aligned. */
struct rollcall_message {
	char prefix[ROLLCALL_MESSAGE_PREFIX_BYTES];
	__u8 flags;	  /* ROLLCALL_MESSAGE_* */
	__u8 key_id;	  /* 0: not sealed */
	__u8 sequence[8]; /* big endian: CLOCK_REALTIME of the sender in microseconds; each is greater than the last one */
	__u8 seal[8];	  /* little endian (seal.h); zero if not sealed */
};

ROLLCALL_FIXED(sizeof(struct rollcall_message) == 28, "the hostname follows");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_message, seal) == 20, "the seal covers the bytes before it");

/* By how much the sequence may differ from the receiver's clock, in either direction. */
#define ROLLCALL_MAX_SKEW_NS 10000000000ULL

#define ROLLCALL_INTERVAL_NS 15000000000ULL
#define ROLLCALL_EXPIRY_NS 35000000000ULL /* two intervals and 5 s: one announcement may be lost */

#endif
