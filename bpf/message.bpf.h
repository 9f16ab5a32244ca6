/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Second stage, the other format: parse a message (version 1), which is a goodbye or a sealed announcement.
 *
 * It parses the payloads that do not begin with the prefix of a plain announcement, so that plain announcements pay
 * nothing for it. key.bpf.h is the next stage.
 */
#ifndef ROLLCALL_MESSAGE_BPF_H
#define ROLLCALL_MESSAGE_BPF_H

#include <rollcall/wire.h>

#include "announcement.bpf.h"

/* Offsets of fields, because a pointer to a member would make clang load byte by byte. */
#define MESSAGE_HEAD_BYTES	 sizeof(struct rollcall_message)
#define MESSAGE_FLAGS	 offsetof(struct rollcall_message, flags)
#define MESSAGE_KEY_ID	 offsetof(struct rollcall_message, key_id)
#define MESSAGE_SEQUENCE offsetof(struct rollcall_message, sequence)
#define MESSAGE_SEAL	 offsetof(struct rollcall_message, seal)

/* Are the fields of a message in a form that this version knows? */
static __always_inline bool message_form_good(const char *at)
{
	__u8 flags = at[MESSAGE_FLAGS], key_id = at[MESSAGE_KEY_ID];

	if (flags & ~ROLLCALL_MESSAGE_GOODBYE)
		return false;
	/* an announcement without a seal has the plain format */
	return key_id || (flags && !LOAD(__u64, at + MESSAGE_SEAL));
}

static __always_inline bool message_prefix_matches(const char *at)
{
	_Static_assert(ROLLCALL_MESSAGE_PREFIX_BYTES == sizeof(__u64) + sizeof(__u16), "two words");
	__u64 head;
	__u16 tail;

	__builtin_memcpy(&head, ROLLCALL_MESSAGE_PREFIX, sizeof(head));
	__builtin_memcpy(&tail, &ROLLCALL_MESSAGE_PREFIX[sizeof(head)], sizeof(tail));
	return LOAD(__u64, at) == head && LOAD(__u16, at + sizeof(head)) == tail;
}

static __always_inline enum rollcall_outcome
message_parse(const struct frame *f, const volatile struct rollcall_settings *s, __u32 ifindex, struct announcement *a)
{
	const char *at = f->payload.pos;
	__u64 name_bytes = (__u64)f->payload_bytes - MESSAGE_HEAD_BYTES, sequence;
	struct sums sums = {};
	bool name_good;

	if (f->payload_bytes < ROLLCALL_MESSAGE_PREFIX_BYTES ||
	    at + ROLLCALL_MESSAGE_PREFIX_BYTES > (const char *)f->payload.end || !message_prefix_matches(at))
		return ROLLCALL_BAD_PREFIX;
	if (f->payload_bytes <= MESSAGE_HEAD_BYTES || f->payload_bytes > MESSAGE_HEAD_BYTES + ROLLCALL_HOSTNAME_MAX ||
	    at + MESSAGE_HEAD_BYTES > (const char *)f->payload.end || !message_form_good(at))
		return ROLLCALL_BAD_MESSAGE;
	sequence = LOAD(__u64, at + MESSAGE_SEQUENCE);
	sums.prefix = checksum_add(LOAD(__u32, at + 8), LOAD(__u64, at));
	sums.prefix = checksum_add(sums.prefix, sequence);
	sums.prefix = checksum_add(sums.prefix, LOAD(__u64, at + MESSAGE_SEAL));

	barrier_var(name_bytes); /* as in hostname_copy() */
	if (!name_bytes || name_bytes > ROLLCALL_HOSTNAME_MAX)
		return ROLLCALL_BAD_MESSAGE; /* never true: for the verifier */
	__builtin_memset(&a->key, 0, sizeof(a->key));
	name_good = hostname_copy(a->key.hostname, at + MESSAGE_HEAD_BYTES, f->payload.end, name_bytes, true, &sums.name);
	if (!udp_checksum_good(f, sums.prefix + sums.name))
		return ROLLCALL_BAD_UDP_CHECKSUM;
	if (!name_good)
		return ROLLCALL_NAME_BAD_CHAR;
	if (!hostname_start_good(a->key.hostname[0]))
		return ROLLCALL_NAME_BAD_START;

	a->unchecked = 0;
	a->key.family = f->family;
	a->key.ifindex = ifindex;
	sender_copy(&a->peer, f);
	a->sequence = bpf_be64_to_cpu(sequence);
	if (s->sealing && at[MESSAGE_KEY_ID])
		a->peer.flags = ROLLCALL_PEER_SEALED;
	if (at[MESSAGE_FLAGS] & ROLLCALL_MESSAGE_GOODBYE)
		a->peer.flags |= ANNOUNCEMENT_GOODBYE;
	return PROCEED;
}

#endif
