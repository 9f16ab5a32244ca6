/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Ones' complement sums (RFC 1071), over the words that a stage loads in any case.
 *
 * A sum has 64 bits and is not folded. 32-bit halves are added without a test for carries: there is
 * room for 2^32 carries. The sum does not depend on the byte order.
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

/* Is SUM, which is not zero, all ones when folded? The test does not require all steps of checksum_fold(). */
static __always_inline bool checksum_is_ones(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/* The sum of bytes at an odd offset is the byte-swapped sum of the same bytes at an even offset. */
static __always_inline __u16 checksum_swap(__u16 folded)
{
	return (__u16)(folded << 8 | folded >> 8);
}

#endif
