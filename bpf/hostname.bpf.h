/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The bytes of a hostname, eight at a time: check that they are allowed, and fold upper case to lower case.
 *
 * Names are hostile input that reaches terminals, scripts and metrics. The filter therefore accepts
 * only A-Z a-z 0-9 . _ - before any other program reads a name. A table of bytes, or range tests per
 * byte, would cost two to three times as much.
 *
 * Hostnames are compared without case, as in DNS (RFC 4343). The key of an entry has the folded name.
 */
#ifndef ROLLCALL_HOSTNAME_BPF_H
#define ROLLCALL_HOSTNAME_BPF_H

#include <linux/types.h>
#include <stdbool.h>

#define EACH_BYTE(b) (0x0101010101010101ULL * (__u8)(b))

/* Bit 7 of each byte that is in LO..HI. Every byte of W must be below 0x80, so that no addition carries. */
static __always_inline __u64 bytes_between(__u64 w, __u8 lo, __u8 hi)
{
	return (w + EACH_BYTE(0x80 - lo)) & ~(w + EACH_BYTE(0x7f - hi));
}

/*
 * Fold A-Z to a-z, which differ by 0x20. Only a byte that is not allowed may have bit 7: it is folded like its lower
 * bits, and keeps bit 7. So a word that is not allowed is not allowed when folded either.
 */
static __always_inline __u64 hostname_fold(__u64 w)
{
	__u64 upper = bytes_between(w & EACH_BYTE(0x7f), 'A', 'Z') & EACH_BYTE(0x80);

	return w | upper >> 2;
}

/* Bit 7 of each byte of a folded word that is not allowed. Not a bool: a branch per word would double what the verifier
   walks. */
static __always_inline __u64 hostname_word_bad(__u64 w)
{
	__u64 ascii = w & EACH_BYTE(0x7f);
	__u64 good = bytes_between(ascii, 'a', 'z') | bytes_between(ascii, '0', '9') | bytes_between(ascii, '-', '.') |
		     bytes_between(ascii, '_', '_');

	return (~good | w) & EACH_BYTE(0x80);
}

/* C is folded. */
static __always_inline bool hostname_start_good(char c)
{
	return (__u8)(c - 'a') < 26 || (__u8)(c - '0') < 10;
}

/*
 * W ends where the name ends. Move its last BYTES (1 to 7) bytes in memory to the first bytes; the
 * rest is zero.
 */
static __always_inline __u64 hostname_tail(__u64 w, __u32 bytes)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return w >> (8 - bytes) * 8;
#else
	return w << (8 - bytes) * 8;
#endif
}

/* Set the bytes behind TAIL to an allowed byte, so that only the name is checked. */
static __always_inline __u64 hostname_fill(__u64 tail, __u32 bytes)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return tail | EACH_BYTE('0') << bytes * 8;
#else
	return tail | EACH_BYTE('0') >> bytes * 8;
#endif
}

#endif
