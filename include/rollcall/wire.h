/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The format of an announcement on the wire, and how often it is sent.
 *
 * These are the defaults that existing senders use; each of them is an option.
 * The hostname is everything behind the prefix, to the end of the UDP datagram. So nothing may
 * ever be appended to this payload: a new format requires another prefix.
 */
#ifndef ROLLCALL_WIRE_H
#define ROLLCALL_WIRE_H

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

#define ROLLCALL_INTERVAL_NS 15000000000ULL
#define ROLLCALL_EXPIRY_NS 35000000000ULL /* two intervals and 5 s: one announcement may be lost */

#endif
