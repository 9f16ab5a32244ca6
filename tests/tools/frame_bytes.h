/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bytes of a frame: reading and writing numbers of any width, and computing sums. */
#ifndef ROLLCALL_TESTS_FRAME_BYTES_H
#define ROLLCALL_TESTS_FRAME_BYTES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_BYTES_MAX 6144 /* more than a page */

typedef unsigned __int128 frame_number; /* large enough for an IPv6 address */

struct frame {
	uint8_t bytes[FRAME_BYTES_MAX];
	uint32_t count;
	uint32_t network, udp; /* offsets of these headers */
	uint32_t linear;       /* 0, or how many bytes are in the first buffer of a driver */
	bool offloaded;	       /* the sender leaves the UDP checksum to the NIC */
};

/* Numbers in a frame are big-endian. Bit 0 is the highest bit of the first byte. */

static inline frame_number frame_get(const struct frame *f, uint32_t bit, uint32_t bits)
{
	frame_number number = 0;

	for (; bits; bit++, bits--)
		number = number << 1 | (f->bytes[bit / 8] >> (7 - bit % 8) & 1);
	return number;
}

static inline void frame_put(struct frame *f, uint32_t bit, uint32_t bits, frame_number number)
{
	for (bit += bits; bits; bits--, number >>= 1) {
		uint8_t mask = (uint8_t)(0x80 >> --bit % 8);

		f->bytes[bit / 8] = (uint8_t)((f->bytes[bit / 8] & ~mask) | (number & 1 ? mask : 0));
	}
}

static inline void frame_append(struct frame *f, const void *bytes, uint32_t count)
{
	if (count > FRAME_BYTES_MAX - f->count)
		abort();
	memcpy(f->bytes + f->count, bytes, count);
	f->count += count;
}

static inline void frame_fill(struct frame *f, uint8_t byte, uint64_t count)
{
	while (count--)
		frame_append(f, &byte, 1);
}

/* Internet checksum (RFC 1071), computed literally: 16-bit words, big-endian. */

static inline uint64_t frame_sum(const struct frame *f, uint32_t from, uint32_t to)
{
	uint64_t sum = 0;

	for (uint32_t i = from; i < to && i < f->count; i++)
		sum += (uint64_t)f->bytes[i] << ((i - from) & 1 ? 0 : 8);
	return sum;
}

static inline uint16_t frame_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

#endif
