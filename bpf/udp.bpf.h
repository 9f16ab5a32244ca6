/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* First stage, UDP: lengths when the header comes, the checksum when the payload was summed. */
#ifndef ROLLCALL_UDP_BPF_H
#define ROLLCALL_UDP_BPF_H

#include <linux/in.h>
#include <bpf/bpf_endian.h>

#include "checksum.bpf.h"
#include "frame.bpf.h"

/*
 * A length that a header tells. The verifier of Linux 6.1 knows nothing of a number whose bytes were
 * swapped, not even that it has 16 bits; the compiler knows, and would leave the mask out.
 */
static __always_inline __u32 length_told(__be16 length)
{
	__u32 bytes = bpf_ntohs(length);

	barrier_var(bytes);
	return bytes & 0xffff;
}

/*
 * AFTER_IP stands behind the UDP header; IP_BYTES is what the network header leaves to UDP.
 * udp_rcv() in net/ipv4/udp.c: what lies behind the UDP length is ignored.
 */
static __always_inline enum rollcall_outcome
udp_lengths(struct frame *f, struct cursor after_udp, __u32 ip_bytes, __u32 udp_bytes)
{
	if (udp_bytes < sizeof(*f->udp) || udp_bytes > ip_bytes)
		return ROLLCALL_BAD_UDP_LENGTH;
	f->payload = after_udp;
	f->payload_bytes = udp_bytes - sizeof(*f->udp);
	f->pseudo_sum += bpf_htons(udp_bytes) + bpf_htons(IPPROTO_UDP);
	return PROCEED;
}

/*
 * PAYLOAD_SUM is the sum of the payload. Taken is what udp4_csum_init() and udp6_csum_init() take:
 * a right checksum, over IPv4 none at all (zero), and the bare pseudo-header sum that a sender
 * on this machine leaves for the NIC to complete (CHECKSUM_PARTIAL; XDP cannot see that mark).
 */
static __always_inline bool udp_checksum_good(const struct frame *f, __u64 payload_sum)
{
	__u16 check = f->udp->check;
	__u64 sum = f->pseudo_sum + payload_sum + f->udp->source + f->udp->dest + f->udp->len + check;

	if (!check)
		return f->family == ROLLCALL_FAMILY_IPV4;
	return checksum_is_ones(sum) || check == checksum_fold(f->pseudo_sum);
}

#endif
