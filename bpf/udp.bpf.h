/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* First stage, UDP: check the lengths with the header, and the checksum after the payload was summed. */
#ifndef ROLLCALL_UDP_BPF_H
#define ROLLCALL_UDP_BPF_H

#include <linux/in.h>
#include <bpf/bpf_endian.h>

#include "checksum.bpf.h"
#include "frame.bpf.h"

/*
 * A length in a header. After a byte swap the verifier of Linux 6.1 knows nothing about a number, not even
 * that it has 16 bits. clang knows it, and would remove the mask without the barrier.
 */
static __always_inline __u32 length_told(__be16 length)
{
	__u32 bytes = bpf_ntohs(length);

	barrier_var(bytes);
	return bytes & 0xffff;
}

/*
 * AFTER_UDP is behind the UDP header. IP_BYTES is the length that the network header leaves to UDP.
 * udp_rcv() in net/ipv4/udp.c: bytes behind the UDP length are ignored.
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
 * PAYLOAD_SUM is the sum of the payload. The function accepts the same as udp4_csum_init() and
 * udp6_csum_init(): a correct checksum, over IPv4 no checksum (zero), and the sum of only the
 * pseudo-header, which a sender on this machine leaves for the NIC to complete (CHECKSUM_PARTIAL; an XDP
 * program cannot see that mark).
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
