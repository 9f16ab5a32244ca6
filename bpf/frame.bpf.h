/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A frame in the first stage: the fields of its headers, after they were checked.
 *
 * link.bpf.h parses Ethernet and tags, ipv4.bpf.h or ipv6.bpf.h the network header, udp.bpf.h the
 * UDP header. The stage accepts the datagrams that Linux would deliver to a socket. Each test names
 * the kernel function that its rule comes from. This stage uses no map and no payload.
 * announcement.bpf.h is the next stage.
 */
#ifndef ROLLCALL_FRAME_BPF_H
#define ROLLCALL_FRAME_BPF_H

#include <linux/if_ether.h>
#include <linux/udp.h>

#include <rollcall/outcome.h>
#include <rollcall/settings.h>

#include "cursor.bpf.h"

/* A stage returns this if the next stage is to continue. */
#define PROCEED ROLLCALL_OUTCOME_COUNT
/* The bytes end before the frame is known to be ours. At the tc hook the rest may be in another buffer. */
#define CUT_SHORT ((enum rollcall_outcome)(PROCEED + 1))

static __always_inline bool outcome_is_ours(enum rollcall_outcome outcome)
{
	return outcome != ROLLCALL_NOT_OURS && outcome != CUT_SHORT;
}

/*
 * Set if `attach -6` or `attach -4` excludes the family on this interface. The loader sets it between open
 * and load. Frames of that family pass and are not counted. The test follows the comparison of the group, so
 * that it costs other traffic nothing.
 */
const volatile bool ipv4_is_off = false;
const volatile bool ipv6_is_off = false;

struct frame {
	const struct ethhdr *eth; /* NULL: the interface has none */
	__u8 family;	    /* ROLLCALL_FAMILY_* */
	const void *source; /* address, of that family's length */
	const struct udphdr *udp;
	struct cursor payload;
	__u32 payload_bytes; /* from the UDP length, checked against IP and frame */
	__u64 pseudo_sum;    /* of the pseudo-header, not folded: checksum.bpf.h */
};

/*
 * Load the unaligned 16, 32 or 64 bits at P. If the type were marked as unaligned, clang would load
 * byte by byte. It also does so if P is computed from a struct of bytes, so P must be computed from a char pointer.
 * The verifier rejects the program on the few machines that cannot load unaligned words.
 */
#ifdef __bpf__
#define LOAD(type, p) (*(const type *)(p))
#define STORE(type, p, value) (*(type *)(p) = (value))
#else
#define LOAD(type, p) (((const struct { type v; } __attribute__((packed)) *)(p))->v)
#define STORE(type, p, value) __builtin_memcpy((p), &(type){ (value) }, sizeof(type))
#endif

#endif
