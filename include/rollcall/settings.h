/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The settings of a table: map `settings`, an array of one element, pinned in the directory of the table.
 *
 * The loader that creates the table writes them once. Readers take the expiry time from here. Every
 * filter that records into the table has a copy in its read-only data.
 */
#ifndef ROLLCALL_SETTINGS_H
#define ROLLCALL_SETTINGS_H

#include <linux/types.h>

#include "fixed.h"
#include "table.h"
#include "wire.h"

/* The version of all pinned maps. A pin of another version is reported and not used. */
#define ROLLCALL_LAYOUT 6

#define ROLLCALL_MAX_PEERS_MOST (1U << 24)
#define ROLLCALL_EXPIRY_MOST_NS (7ULL * 24 * 3600 * 1000000000)

/* Which announcements a table records. */
enum rollcall_sealing {
	ROLLCALL_PLAIN,	 /* all of them; no seal is checked */
	ROLLCALL_SEALED, /* those with a valid seal */
	ROLLCALL_MIXED,	 /* all of them; sealed ones take precedence */
};

/* A reader rejects a value that is not in its range. */
struct rollcall_settings {
	__u32 layout; /* ROLLCALL_LAYOUT; 0: never written, the defaults apply */
	__u32 max_peers;	/* 1 to ROLLCALL_MAX_PEERS_MOST */
	__u32 names_per_source; /* 0: no limit; at most ROLLCALL_MAX_PEERS_MOST */
	__u16 port;		/* host order; not 0 */
	__u8 prefix_bytes;	/* 1 to ROLLCALL_PREFIX_MAX */
	__u8 sealing;		/* enum rollcall_sealing */
	__u8 group6[16];	/* network order */
	__u8 group4[4];		/* network order */
	char prefix[ROLLCALL_PREFIX_MAX]; /* zero-padded, not a string */
	__u8 ignore_goodbye;		  /* 1: goodbyes without a seal have no effect; else 0 */
	__u8 reserved[3];		  /* zero */
	__u64 expiry_ns;     /* an entry older than this is not listed, and removed; 1 to ROLLCALL_EXPIRY_MOST_NS */
	__u64 refresh_ns;    /* a younger entry may be refreshed in place; 1 to ROLLCALL_REFRESH_NS(expiry_ns) */
	__u64 netns_cookie; /* the network namespace the table belongs to: SO_NETNS_COOKIE */
	__u64 max_skew_ns; /* of the sequence of a sealed message from this host's CLOCK_REALTIME; at most expiry_ns / 2 */
};

ROLLCALL_FIXED(sizeof(struct rollcall_settings) == 104, "layout of the settings is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_settings, group6) == 16, "aligned for word compares");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_settings, group4) == 32, "aligned for word compares");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_settings, expiry_ns) == 72, "no hidden padding");

/*
 * In-place refreshes end a seventh of the expiry time before deletions begin, so that the two never
 * happen to one entry at the same time: the margin is seconds, a run of the filter takes nanoseconds.
 */
#define ROLLCALL_REFRESH_NS(expiry_ns) ((expiry_ns) - (expiry_ns) / 7)

#define ROLLCALL_DEFAULT_SETTINGS                               \
	{                                                       \
		.max_peers = ROLLCALL_MAX_PEERS,                \
		.names_per_source = ROLLCALL_NAMES_PER_SOURCE,  \
		.port = ROLLCALL_PORT,                          \
		.prefix_bytes = sizeof(ROLLCALL_PREFIX) - 1,    \
		.group6 = ROLLCALL_GROUP6,                      \
		.group4 = ROLLCALL_GROUP4,                      \
		.prefix = ROLLCALL_PREFIX,                      \
		.expiry_ns = ROLLCALL_EXPIRY_NS,                \
		.refresh_ns = ROLLCALL_REFRESH_NS(ROLLCALL_EXPIRY_NS), \
		.max_skew_ns = ROLLCALL_MAX_SKEW_NS,            \
	}

#endif
