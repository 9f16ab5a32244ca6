/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A frame on its way through the first stage: what the headers said, once they were checked.
 *
 * link.bpf.h removes Ethernet and tags, ipv4.bpf.h or ipv6.bpf.h the network header, udp.bpf.h
 * the last one. What comes through is what Linux itself would hand to a socket; each test says
 * where in the kernel its rule comes from. This stage knows no map and no payload;
 * announcement.bpf.h comes next.
 */
#ifndef ROLLCALL_FRAME_BPF_H
#define ROLLCALL_FRAME_BPF_H

#include <linux/if_ether.h>
#include <linux/udp.h>

#include <rollcall/outcome.h>
#include <rollcall/settings.h>

#include "cursor.bpf.h"

/* What a stage returns when the next one is to go on. */
#define PROCEED ROLLCALL_OUTCOME_COUNT
/* Not known to be ours, because the bytes end before; tc may have the rest in another piece. */
#define CUT_SHORT ((enum rollcall_outcome)(PROCEED + 1))

static __always_inline bool outcome_is_ours(enum rollcall_outcome outcome)
{
	return outcome != ROLLCALL_NOT_OURS && outcome != CUT_SHORT;
}

/*
 * Families that the interface was not asked for: `attach -4` and `-6`. Set by the loader between open and
 * load. Their frames pass without a count. It is asked after the group was found to be ours, so that other
 * traffic does not pay for it.
 */
const volatile bool ipv4_is_off = false;
const volatile bool ipv6_is_off = false;

struct frame {
	const struct ethhdr *eth; /* NULL: the interface has none */
	__u8 family;	    /* ROLLCALL_FAMILY_* */
	const void *source; /* address, of that family's length */
	const struct udphdr *udp;
	struct cursor payload;
	__u32 payload_bytes; /* as UDP says, checked against IP and frame */
	__u64 pseudo_sum;    /* of the pseudo-header, not folded: checksum.bpf.h */
};

/*
 * The unaligned 16, 32 and 64 bits at P. Said to be unaligned, clang would load byte by byte; as
 * it is, the verifier rejects the program on the few machines that cannot.
 */
#ifdef __bpf__
#define LOAD(type, p) (*(const type *)(p))
#else
#define LOAD(type, p) (((const struct { type v; } __attribute__((packed)) *)(p))->v)
#endif

#endif
