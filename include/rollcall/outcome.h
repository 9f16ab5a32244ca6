/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The outcomes. Each frame that is addressed to the group and port has exactly one.
 *
 * The enum, the names in `status` and the help text come from one list. The first test that a
 * frame fails decides its outcome. The order below is the order of the tests.
 */
#ifndef ROLLCALL_OUTCOME_H
#define ROLLCALL_OUTCOME_H

#include <linux/types.h>

/* clang-format off */
#define ROLLCALL_OUTCOMES(X)                                                                        \
	/* what became of an entry */                                                               \
	X(JOINED,           joined,           "a host that was not in the table was recorded")      \
	X(REFRESHED,        refreshed,        "a live host was received again")                     \
	X(MOVED,            moved,            "a live host was received from another address")      \
	X(RETURNED,         returned,         "a host that had expired or left was received before its entry was removed") \
	X(LEFT,             left,             "a host sent a goodbye")                                \
	X(OWN,              own,              "the name of this host itself")                       \
	X(THROTTLED,        throttled,        "the source address has its maximum of hostnames")    \
	X(FULL,             full,             "the table has its maximum of live entries, or of those without a seal")\
	X(UNRECORDED,       unrecorded,       "the kernel rejected the entry")                      \
	X(GOODBYE_IGNORED,  goodbye_ignored,  "a goodbye of a host that is not here, or without the right to remove it") \
	/* rejected by the frame's headers */                                                        \
	X(BAD_IP_HEADER,    bad_ip_header,    "IP version or header length impossible")             \
	X(IP_OPTIONS,       ip_options,       "IPv4 options: announcements never carry any")        \
	X(IPV6_EXTENSION,   ipv6_extension,   "IPv6 extension headers: announcements never carry any") \
	X(FRAGMENT,         fragment,         "first fragment of a datagram: announcements are whole") \
	X(BAD_IP_LENGTH,    bad_ip_length,    "IP total length disagrees with the frame")           \
	X(BAD_IP_CHECKSUM,  bad_ip_checksum,  "IPv4 header checksum wrong")                         \
	X(BAD_SOURCE,       bad_source,       "a source address that no other host can have")       \
	X(BAD_UDP_LENGTH,   bad_udp_length,   "UDP length disagrees with the IP length")            \
	X(FOREIGN_VLAN,     foreign_vlan,     "tagged for a VLAN that is not this interface's")     \
	X(OTHER_HOST,       other_host,       "Ethernet destination is another host")               \
	/* rejected by the payload */                                                                \
	X(BAD_PREFIX,       bad_prefix,       "does not begin with the prefix")                     \
	X(BAD_MESSAGE,      bad_message,      "a rollcall1 message with a wrong length, flag or seal field") \
	X(NAME_EMPTY,       name_empty,       "no hostname behind the prefix")                      \
	X(NAME_TOO_LONG,    name_too_long,    "hostname longer than 64 bytes")                      \
	X(BAD_UDP_CHECKSUM, bad_udp_checksum, "UDP checksum wrong")                                 \
	X(NAME_BAD_CHAR,    name_bad_char,    "hostname with a byte other than A-Z a-z 0-9 . _ -")  \
	X(NAME_BAD_START,   name_bad_start,   "hostname does not begin with a letter or digit")     \
	/* rejected by a table with keys */                                                          \
	X(UNSEALED,         unsealed,         "no seal, and the table or the host requires one")    \
	X(UNKNOWN_KEY,      unknown_key,      "sealed with a key that this host does not have")     \
	X(BAD_SEAL,         bad_seal,         "the seal is wrong")                                  \
	X(STALE,            stale,            "a sealed message that was received before, or whose time is too far from this host's clock")
/* clang-format on */

enum rollcall_outcome {
	ROLLCALL_NOT_OURS, /* not addressed to the group and port: passed on, never counted */
#define X(symbol, name, help) ROLLCALL_##symbol,
	ROLLCALL_OUTCOMES(X)
#undef X
	ROLLCALL_OUTCOME_COUNT,
};

/*
 * The counts of one interface: map `outcomes`, BPF_MAP_TYPE_PERCPU_ARRAY, one value per slot
 * (attachment.h). Each CPU adds to its own counts without atomics; readers sum over the CPUs.
 */
struct rollcall_counts {
	__u64 outcomes[ROLLCALL_OUTCOME_COUNT]; /* [ROLLCALL_NOT_OURS] stays 0 */
	__u64 events_lost;			/* ring buffer full: the table is still correct */
	__u64 last_ns;				/* CLOCK_BOOTTIME of the last announcement; 0: none yet */
};

#endif
