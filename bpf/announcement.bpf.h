/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Second stage: parse the prefix and the hostname in the payload of a datagram. The payload may also be a message
 * (message.bpf.h).
 *
 * One loop over the words of the name copies, folds and sums it, because the loads are what costs time. Without keys,
 * the characters are not checked yet: a name that is in the table was checked when its host joined, so a refresh need
 * not do it again. table.bpf.h, the next stage, calls announcement_check_name() for the others. This stage uses no map.
 */
#ifndef ROLLCALL_ANNOUNCEMENT_BPF_H
#define ROLLCALL_ANNOUNCEMENT_BPF_H

#include <rollcall/table.h>

#include "checksum.bpf.h"
#include "frame.bpf.h"
#include "hostname.bpf.h"
#include "udp.bpf.h"

struct announcement {
	struct rollcall_peer_key key;
	struct rollcall_peer peer; /* this stage sets only PEER_SENDER_BYTES */
	__u64 sequence;		   /* of a message */
	__u64 unchecked;	   /* bytes of the name; 0 if they were checked */
};

/* In the flags of an announcement. No entry has it, so a goodbye refreshes none in place. */
#define ANNOUNCEMENT_GOODBYE 0x80

/* The addresses and the fields between them. The rest is set only for an entry that is written whole. */
#define PEER_SENDER_BYTES __builtin_offsetof(struct rollcall_peer, first_seen_ns)

/* Ones' complement sums of the bytes that were read, not folded. */
struct sums {
	__u64 prefix;
	__u64 name; /* computed as if the name began at an even offset */
};

_Static_assert(__builtin_offsetof(struct rollcall_settings, prefix) % 4 == 0, "compared by words");

/*
 * The verifier knows the length of the prefix as a constant, so only as many tests remain as the
 * prefix has words. clang must not use the prefix as a constant. If it were not read as volatile,
 * the program would compare the default that is compiled in, and not the prefix that the loader sets.
 */
static __always_inline bool
prefix_matches(const char *at, const void *end, const volatile struct rollcall_settings *s, __u64 *sum)
{
	const volatile char *prefix = s->prefix;
	__u32 bytes = s->prefix_bytes, i = 0;

	if (at + bytes > (const char *)end)
		return false;
#pragma unroll
	for (int word = 0; word < ROLLCALL_PREFIX_MAX / 4; word++) {
		if (i + 4 > bytes)
			break;
		if (LOAD(__u32, at + i) != *(const volatile __u32 *)(prefix + i))
			return false;
		*sum += LOAD(__u32, at + i);
		i += 4;
	}
	if (bytes & 2) {
		if (LOAD(__u16, at + i) != *(const volatile __u16 *)(prefix + i))
			return false;
		*sum += LOAD(__u16, at + i);
		i += 2;
	}
	if (bytes & 1) {
		if (at[i] != prefix[i])
			return false;
		*sum += bpf_htons((__u16)((__u8)at[i] << 8));
	}
	return true;
}

/*
 * Copy BYTES (1 to 64) bytes into HOSTNAME, which is zero, and fold A-Z to a-z. Returns false if the last byte is zero:
 * the copy would equal that of a shorter name. With CHECKED it also returns false if a byte is not allowed. *SUM is the
 * sum of the bytes as they were sent.
 */
static __always_inline bool
hostname_copy(char *hostname, const char *at, const void *end, __u64 bytes, bool checked, __u64 *sum)
{
	__u64 done, rest, word, bad = 0;

	for (done = 0; done + 8 <= bytes && done < ROLLCALL_HOSTNAME_MAX; done += 8) {
		if (at + 8 > (const char *)end)
			return false; /* never true, because the lengths were checked; the verifier requires the test */
		word = LOAD(__u64, at);
		*sum = checksum_add(*sum, word);
		word = hostname_fold(word);
		if (checked)
			bad |= hostname_word_bad(word);
		STORE(__u64, hostname + done, word);
		at += 8;
	}
	rest = bytes & 7;
	barrier_var(rest); /* so that the verifier keeps the bounds that the mask gives it */
	if (rest) {
		at += rest;
		if (at > (const char *)end)
			return false; /* as above */
		word = hostname_tail(LOAD(__u64, at - 8), rest); /* at - 8 is in the frame: the UDP header precedes the name */
		*sum = checksum_add(*sum, word);
		word = hostname_fold(word);
		if (checked)
			bad |= hostname_word_bad(hostname_fill(word, rest));
		STORE(__u64, hostname + done, word);
	}
	return at[-1] && !bad;
}

/* A refresh has the name of an entry, and does not need this check. */
static __always_inline enum rollcall_outcome announcement_check_name(struct announcement *a)
{
	const char *hostname = a->key.hostname;
	__u64 bytes = a->unchecked, done, rest, bad = 0;

	a->unchecked = 0;
	for (done = 0; done + 8 <= bytes && done < ROLLCALL_HOSTNAME_MAX; done += 8)
		bad |= hostname_word_bad(LOAD(__u64, hostname + done));
	rest = bytes & 7;
	if (rest)
		bad |= hostname_word_bad(hostname_fill(LOAD(__u64, hostname + done), rest));
	if (bad)
		return ROLLCALL_NAME_BAD_CHAR;
	return hostname_start_good(hostname[0]) ? PROCEED : ROLLCALL_NAME_BAD_START;
}

/* It copies words, because for a copy of bytes clang would load and shift each byte separately. */
static __always_inline void sender_copy(struct rollcall_peer *peer, const struct frame *f)
{
	const char *source = f->source;

	__builtin_memset(peer, 0, PEER_SENDER_BYTES);
	if (f->family == ROLLCALL_FAMILY_IPV4) {
		__u32 address = LOAD(__u32, source);

		__builtin_memcpy(peer->ipv4, &address, sizeof(address));
	} else {
		__u64 address[] = { LOAD(__u64, source), LOAD(__u64, source + 8) };

		__builtin_memcpy(peer->ipv6, address, sizeof(address));
	}
	if (f->eth) {
		const char *mac = (const char *)f->eth + offsetof(struct ethhdr, h_source);
		__u32 head = LOAD(__u32, mac);
		__u16 tail = LOAD(__u16, mac + sizeof(head));

		__builtin_memcpy(peer->lladdr, &head, sizeof(head));
		__builtin_memcpy(peer->lladdr + sizeof(head), &tail, sizeof(tail));
	}
}

/*
 * BYTES, as a number that the verifier knows nothing about. Otherwise it would walk the rest of the program once for
 * each number of words in a name.
 */
static __always_inline __u64 length_forgotten(__u64 bytes, const struct frame *f)
{
	__u64 any = LOAD(__u64, (const char *)f->udp);

	bytes ^= any;
	barrier_var(bytes);
	return bytes ^ any;
}

static __always_inline enum rollcall_outcome
announcement_parse(const struct frame *f, const volatile struct rollcall_settings *s,
		   __u32 ifindex, struct announcement *a)
{
	const char *payload = f->payload.pos, *name;
	__u64 name_bytes = (__u64)f->payload_bytes - s->prefix_bytes;
	struct sums sums = {};
	bool name_good, sealing = s->sealing; /* read once: the verifier knows it, and removes the check of a plain table */

	if (f->payload_bytes < s->prefix_bytes ||
	    !prefix_matches(payload, f->payload.end, s, &sums.prefix))
		return ROLLCALL_BAD_PREFIX;
	barrier_var(name_bytes); /* as in hostname_copy() */
	if (!name_bytes)
		return ROLLCALL_NAME_EMPTY;
	if (name_bytes > ROLLCALL_HOSTNAME_MAX)
		return ROLLCALL_NAME_TOO_LONG;

	__builtin_memset(&a->key, 0, sizeof(a->key));
	name = payload + s->prefix_bytes;
	name_good = hostname_copy(a->key.hostname, name, f->payload.end, name_bytes, sealing, &sums.name);
	if (s->prefix_bytes & 1)
		sums.name = checksum_swap(checksum_fold(sums.name));
	if (!udp_checksum_good(f, sums.prefix + sums.name))
		return ROLLCALL_BAD_UDP_CHECKSUM;
	if (!name_good)
		return ROLLCALL_NAME_BAD_CHAR;
	if (sealing && !hostname_start_good(a->key.hostname[0]))
		return ROLLCALL_NAME_BAD_START;

	a->unchecked = sealing ? 0 : length_forgotten(name_bytes, f);
	a->key.family = f->family;
	a->key.ifindex = ifindex;
	sender_copy(&a->peer, f);
	return PROCEED;
}

#endif
