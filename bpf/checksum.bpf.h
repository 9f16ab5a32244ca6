/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ones' complement sums (RFC 1071), over the words that a stage has loaded anyway.
 *
 * A sum is kept in 64 bits, unfolded: 32-bit halves are added without looking at carries, which
 * has room for four thousand million of them. Byte order does not matter to the sum.
 */
#ifndef ROLLCALL_CHECKSUM_BPF_H
#define ROLLCALL_CHECKSUM_BPF_H

#include <linux/types.h>

static __always_inline __u64 checksum_add(__u64 sum, __u64 word)
{
	return sum + (word & 0xffffffff) + (word >> 32);
}

static __always_inline __u16 checksum_fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* Is SUM, which is not zero, all ones when folded? To tell, it need not be folded all the way. */
static __always_inline bool checksum_is_ones(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/* The sum of bytes that begin at an odd offset is that of the same bytes at an even one, swapped. */
static __always_inline __u16 checksum_swap(__u16 folded)
{
	return (__u16)(folded << 8 | folded >> 8);
}

#endif
