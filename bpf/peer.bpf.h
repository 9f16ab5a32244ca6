/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Comparing what an announcement says with an entry. The comparisons are in words. */
#ifndef ROLLCALL_PEER_BPF_H
#define ROLLCALL_PEER_BPF_H

#include <rollcall/table.h>

#include "frame.bpf.h"

/* An entry has an address of one family, and zeros for the other one. */
static __always_inline bool peer_at_same_ipv6(const struct rollcall_peer *p, const struct rollcall_peer *q)
{
	return LOAD(__u64, p->ipv6) == LOAD(__u64, q->ipv6) && LOAD(__u64, p->ipv6 + 8) == LOAD(__u64, q->ipv6 + 8);
}

static __always_inline bool peer_at_same_address(const struct rollcall_peer *p, const struct rollcall_peer *q)
{
	return LOAD(__u32, p->ipv4) == LOAD(__u32, q->ipv4) && peer_at_same_ipv6(p, q);
}

static __always_inline bool peer_has_same_lladdr(const struct rollcall_peer *p, const struct rollcall_peer *q)
{
	return LOAD(__u32, p->lladdr) == LOAD(__u32, q->lladdr) && LOAD(__u16, p->lladdr + 4) == LOAD(__u16, q->lladdr + 4);
}

/* Compare address, MAC and flags. For IPv4, which is the usual case, two words are enough. */
static __always_inline bool
peer_is_unchanged(const struct rollcall_peer *p, const struct rollcall_peer *q, __u8 family)
{
	_Static_assert(__builtin_offsetof(struct rollcall_peer, lladdr) == 4, "one word with the first of it");
	_Static_assert(__builtin_offsetof(struct rollcall_peer, flags) == 10, "one word with the rest of it");
	_Static_assert(__builtin_offsetof(struct rollcall_peer, reserved) == 11, "zero, in the same word");
	return LOAD(__u64, p->ipv4) == LOAD(__u64, q->ipv4) &&
	       LOAD(__u32, p->lladdr + 4) == LOAD(__u32, q->lladdr + 4) &&
	       (family == ROLLCALL_FAMILY_IPV4 || peer_at_same_ipv6(p, q));
}

#endif
