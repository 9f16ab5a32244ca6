/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Inputs made from inputs (native.h), by somebody who knows what an announcement looks like: a
 * field, a name, a tag, an option, a header or padding is altered, and half of the time lengths
 * and checksums are made right for it afterwards, so that what comes behind those tests is met.
 */
#ifndef ROLLCALL_TESTS_MUTATE_H
#define ROLLCALL_TESTS_MUTATE_H

#include <netinet/in.h>

#include "native.h"
#include "siphash.h"

struct input {
	uint8_t *bytes; /* [0] chooses the settings */
	size_t count, max;
};

#define INPUT_BYTES_MAX 512
#define INPUT_ETH 1 /* where the frame begins */

/* splitmix64 */
static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline uint32_t random_below(uint64_t *state, uint32_t bound)
{
	return (uint32_t)((random_next(state) >> 32) * bound >> 32);
}

/* Numbers as they are on the wire. */
static inline uint32_t wire_get(const uint8_t *at, unsigned int bytes)
{
	uint32_t number = 0;

	while (bytes--)
		number = number << 8 | *at++;
	return number;
}

static inline void wire_put(uint8_t *at, unsigned int bytes, uint32_t number)
{
	for (; bytes--; number >>= 8)
		at[bytes] = (uint8_t)number;
}

/* RFC 1071 as it is written down. */
static inline uint64_t wire_sum(const uint8_t *at, size_t bytes)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < bytes; i++)
		sum += (uint64_t)at[i] << (i & 1 ? 0 : 8);
	return sum;
}

static inline uint16_t wire_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* Offsets in an input; false if it has no UDP header. */
struct places {
	size_t ip, udp;
	bool v6;
};

static inline bool places_find(const struct input *in, struct places *p)
{
	size_t at = INPUT_ETH + 12;
	uint32_t type;

	for (;; at += 4) {
		if (at + 2 + sizeof(struct iphdr) > in->count)
			return false;
		type = wire_get(in->bytes + at, 2);
		if (type != ETH_P_8021Q && type != ETH_P_8021AD)
			break;
	}
	p->ip = at + 2;
	p->v6 = type == ETH_P_IPV6;
	if (p->v6) {
		uint8_t next;

		if (p->ip + sizeof(struct ipv6hdr) > in->count)
			return false;
		next = in->bytes[p->ip + 6];
		p->udp = p->ip + sizeof(struct ipv6hdr);
		while (next != IPPROTO_UDP && p->udp + 8 <= in->count) {
			next = in->bytes[p->udp];
			p->udp += 8 + (size_t)in->bytes[p->udp + 1] * 8;
		}
	} else {
		uint8_t words = in->bytes[p->ip] & 0xf;

		p->udp = p->ip + (words < 5 ? 20 : words * 4U);
	}
	return p->udp + sizeof(struct udphdr) <= in->count;
}

static inline uint16_t wire_pseudo_sum(const struct input *in, const struct places *p, uint32_t udp_bytes)
{
	uint64_t sum = p->v6 ? wire_sum(in->bytes + p->ip + 8, 32) : wire_sum(in->bytes + p->ip + 12, 8);

	return wire_fold(sum + udp_bytes + IPPROTO_UDP);
}

/* Lengths for a datagram that ends TAIL bytes before the frame does. */
static inline void repair_lengths(struct input *in, const struct places *p, size_t tail)
{
	size_t end = in->count - p->udp - sizeof(struct udphdr) < tail ? in->count : in->count - tail;

	wire_put(in->bytes + p->udp + 4, 2, (uint32_t)(end - p->udp));
	if (p->v6)
		wire_put(in->bytes + p->ip + 4, 2, (uint32_t)(end - p->ip - sizeof(struct ipv6hdr)));
	else
		wire_put(in->bytes + p->ip + 2, 2, (uint32_t)(end - p->ip));
}

static inline void repair_checksums(struct input *in, const struct places *p, uint64_t *random)
{
	uint32_t udp_bytes = wire_get(in->bytes + p->udp + 4, 2), covered = udp_bytes;
	uint8_t *check = in->bytes + p->udp + 6;
	uint16_t pseudo = wire_pseudo_sum(in, p, udp_bytes), right;

	if (!p->v6) {
		wire_put(in->bytes + p->ip + 10, 2, 0);
		wire_put(in->bytes + p->ip + 10, 2, (uint16_t)~wire_fold(wire_sum(in->bytes + p->ip, p->udp - p->ip)));
		pseudo = wire_pseudo_sum(in, p, udp_bytes);
	}
	if (covered > in->count - p->udp)
		covered = (uint32_t)(in->count - p->udp);
	wire_put(check, 2, 0);
	right = (uint16_t)~wire_fold(pseudo + wire_sum(in->bytes + p->udp, covered));
	switch (random_below(random, 8)) {
	case 0: /* none at all */
		break;
	case 1: /* as left for a NIC */
		wire_put(check, 2, pseudo);
		break;
	default:
		wire_put(check, 2, right ? right : 0xffff);
	}
}

static inline void input_repair(struct input *in, uint64_t *random)
{
	struct places p;

	if (!places_find(in, &p))
		return;
	if (random_below(random, 2))
		repair_lengths(in, &p, random_below(random, 4) ? 0 : random_below(random, 20));
	repair_checksums(in, &p, random);
}

/* Make room for BYTES zeros at AT, or take them out. */
static inline bool input_insert(struct input *in, size_t at, size_t bytes)
{
	if (in->count + bytes > in->max || at > in->count)
		return false;
	memmove(in->bytes + at + bytes, in->bytes + at, in->count - at);
	memset(in->bytes + at, 0, bytes);
	in->count += bytes;
	return true;
}

static inline void input_remove(struct input *in, size_t at, size_t bytes)
{
	if (at + bytes > in->count)
		return;
	memmove(in->bytes + at, in->bytes + at + bytes, in->count - at - bytes);
	in->count -= bytes;
}

static inline void append(struct input *in, const void *bytes, size_t count)
{
	if (!input_insert(in, in->count, count))
		return;
	memcpy(in->bytes + in->count - count, bytes, count);
}

static inline void append_name(struct input *in, uint64_t *random)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	uint32_t bytes = random_below(random, 4) ? 1 + random_below(random, 12) : random_below(random, 70);
	uint32_t bad = random_below(random, 8) ? bytes : random_below(random, bytes + 1);

	for (uint32_t i = 0; i < bytes; i++) {
		uint8_t c = (uint8_t)good[random_below(random, i ? sizeof(good) - 1 : 62)];

		if (i == bad)
			c = (uint8_t)random_next(random);
		append(in, &c, 1);
	}
}

/* The bytes of a message before its hostname, without a seal. */
static inline void append_message(struct input *in, uint64_t *random)
{
	uint8_t message[28] = "rollcall1:";

	message[10] = (uint8_t)(random_below(random, 8) ? random_below(random, 2) : random_next(random));
	message[11] = (uint8_t)(random_below(random, 4) ? random_next(random) : 0);
	wire_put(message + 16, 4, (uint32_t)random_next(random));
	append(in, message, sizeof(message));
}

/* The bytes that a seal covers (rollcall(7)); returns how many, or 0 if there is no message. */
static inline size_t sealed_bytes(const struct input *in, const struct places *p, uint8_t bytes[16 + 20 + INPUT_BYTES_MAX])
{
	size_t message = p->udp + sizeof(struct udphdr), udp_bytes = wire_get(in->bytes + p->udp + 4, 2), end;

	if (p->v6 && !udp_bytes) /* as in a jumbogram */
		udp_bytes = wire_get(in->bytes + p->ip + 4, 2);
	end = p->udp + udp_bytes;
	if (end > in->count || end < message + 28 || memcmp(in->bytes + message, "rollcall1:", 10))
		return 0;
	memset(bytes, 0, 10);
	memset(bytes + 10, 0xff, 2);
	if (p->v6)
		memcpy(bytes, in->bytes + p->ip + 8, 16);
	else
		memcpy(bytes + 12, in->bytes + p->ip + 12, 4);
	memcpy(bytes + 16, in->bytes + message, 20);
	memcpy(bytes + 36, in->bytes + message + 28, end - message - 28);
	return 36 + end - message - 28;
}

/* Write the right seal, mostly. */
static inline void seal_message(struct input *in, uint64_t *random)
{
	uint8_t bytes[16 + 20 + INPUT_BYTES_MAX];
	struct places p;
	uint64_t seal;
	size_t count;

	if (!random_below(random, 4) || !places_find(in, &p))
		return;
	repair_lengths(in, &p, 0);
	count = sealed_bytes(in, &p, bytes);
	if (!count)
		return;
	seal = in->bytes[p.udp + sizeof(struct udphdr) + 11] ? sip_hash(native_key.bytes, bytes, count) : 0;
	for (int i = 0; i < 8; i++)
		in->bytes[p.udp + sizeof(struct udphdr) + 20 + (size_t)i] = (uint8_t)(seal >> 8 * i);
}

/* A right announcement; of frames too large for the room there is nothing is made. */
static inline void input_seed(struct input *in, uint64_t *random)
{
	static const uint8_t ipv4[] = { 8, 0, 0x45, 0, 0, 0, 0x26, 0xbd, 0x40, 0, 1, IPPROTO_UDP, 0, 0, 10, 77, 0, 2 };
	static const uint8_t ipv6[] = { 0x86, 0xdd, 0x60, 0, 0, 0, 0, 0, IPPROTO_UDP, 1, 0xfe, 0x80, 0, 0,
					0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 };
	bool v6 = random_below(random, 2);
	struct rollcall_settings s;
	uint8_t chosen = (uint8_t)random_next(random), udp[8] = { 0xbf, 0x69 };
	struct places p;

	if (in->max < INPUT_ETH + 14 + 40 + 8 + ROLLCALL_PREFIX_MAX + 70)
		return;
	native_settings(chosen, &s);
	wire_put(udp + 2, 2, s.port);
	in->count = 0;
	append(in, &chosen, 1);
	append(in, v6 ? "\x33\x33\0\0\0\1" : "\1\0\x5e\0\0\1", 6);
	append(in, "\x0e\x87\x4e\x05\x7e\x3c", 6);
	if (v6) {
		append(in, ipv6, sizeof(ipv6));
		append(in, s.group6, 16);
	} else {
		append(in, ipv4, sizeof(ipv4));
		append(in, s.group4, 4);
	}
	append(in, udp, sizeof(udp));
	if (random_below(random, 3))
		append(in, s.prefix, s.prefix_bytes);
	else
		append_message(in, random);
	append_name(in, random);
	seal_message(in, random);
	if (places_find(in, &p)) {
		repair_lengths(in, &p, 0);
		repair_checksums(in, &p, random);
	}
}

static inline void mutate_name(struct input *in, uint64_t *random)
{
	struct rollcall_settings s;
	struct places p;
	size_t name;

	native_settings(in->bytes[0], &s);
	if (!places_find(in, &p))
		return;
	name = p.udp + sizeof(struct udphdr) + s.prefix_bytes;
	if (name > in->count)
		return;
	in->count = name;
	append_name(in, random);
	repair_lengths(in, &p, 0);
	repair_checksums(in, &p, random);
}

static inline void mutate_field(struct input *in, uint64_t *random)
{
	static const struct {
		uint8_t at, bytes;
	} eth[] = { { 0, 1 }, { 0, 4 }, { 4, 2 }, { 12, 2 } },
	  ipv4[] = { { 0, 1 }, { 2, 2 }, { 6, 2 }, { 8, 1 }, { 9, 1 }, { 10, 2 }, { 12, 1 }, { 12, 4 }, { 16, 4 } },
	  ipv6[] = { { 0, 1 }, { 4, 2 }, { 6, 1 }, { 7, 1 }, { 8, 1 }, { 8, 4 }, { 12, 4 }, { 16, 4 }, { 20, 4 }, { 24, 4 },
		     { 36, 4 } },
	  udp[] = { { 0, 2 }, { 2, 2 }, { 4, 2 }, { 6, 2 } };
	static const uint32_t values[] = { 0, 1, 4, 0x45, 0x46, 0x4f, 0xff, 0x7f, 0x2000, 0x1fff, 0x4000, 0xffff, 0xffff0000,
					   0x7f000001, 0xe0000001, 0xff02, 0x0a4d0001, 0x8100, 0x88a8, 0x0800, 0x86dd };
	struct places p;
	size_t at, bytes;
	uint32_t old;

	if (!places_find(in, &p))
		return;
#define PICK(from, fields)                                                                         \
	do {                                                                                       \
		uint32_t i = random_below(random, sizeof(fields) / sizeof((fields)[0]));           \
		at = (from) + (fields)[i].at;                                                      \
		bytes = (fields)[i].bytes;                                                         \
	} while (0)
	switch (random_below(random, 5)) {
	case 0:
		PICK(INPUT_ETH, eth);
		break;
	case 1:
		PICK(p.udp, udp);
		break;
	default:
		if (p.v6)
			PICK(p.ip, ipv6);
		else
			PICK(p.ip, ipv4);
	}
#undef PICK
	old = wire_get(in->bytes + at, (unsigned int)bytes);
	switch (random_below(random, 5)) {
	case 0:
		old += 1;
		break;
	case 1:
		old -= 1;
		break;
	case 2:
		old ^= 1U << random_below(random, (uint32_t)bytes * 8);
		break;
	case 3:
		old = (uint32_t)random_next(random);
		break;
	default:
		old = values[random_below(random, sizeof(values) / sizeof(values[0]))];
	}
	wire_put(in->bytes + at, (unsigned int)bytes, old);
}

static inline void mutate_tag(struct input *in, uint64_t *random)
{
	static const uint16_t vlans[] = { 0, 0, 0, 0x2000, 0xf000, 1, 5, 0x0fff };
	size_t at = INPUT_ETH + 12;

	if (random_below(random, 4) == 0 && in->count > at + 6)
		input_remove(in, at, 4);
	else if (input_insert(in, at, 4)) {
		wire_put(in->bytes + at, 2, random_below(random, 2) ? ETH_P_8021Q : ETH_P_8021AD);
		wire_put(in->bytes + at + 2, 2, vlans[random_below(random, 8)]);
	}
}

/* IPv4 options or an IPv6 extension header. */
static inline void mutate_options(struct input *in, uint64_t *random)
{
	static const uint8_t headers[] = { 0, 43, 44, 51, 60, 60, 50, 58, 59 };
	struct places p;

	if (!places_find(in, &p))
		return;
	if (p.v6) {
		size_t at = p.ip + sizeof(struct ipv6hdr);
		size_t units = random_below(random, 3);

		if (!input_insert(in, at, 8 + units * 8))
			return;
		in->bytes[at] = in->bytes[p.ip + 6];
		in->bytes[at + 1] = (uint8_t)(random_below(random, 8) ? units : random_next(random));
		in->bytes[at + 3] = (uint8_t)(random_below(random, 4) ? 0 : random_next(random));
		in->bytes[p.ip + 6] = headers[random_below(random, sizeof(headers))];
	} else {
		size_t words = random_below(random, 11);

		if ((in->bytes[p.ip] & 0xf) != 5 || !input_insert(in, p.ip + 20, words * 4))
			return;
		memset(in->bytes + p.ip + 20, 1, words * 4); /* no operation */
		in->bytes[p.ip] = (uint8_t)(in->bytes[p.ip] + words);
	}
}

static inline void mutate_end(struct input *in, uint64_t *random)
{
	if (random_below(random, 2)) {
		size_t bytes = random_below(random, 2) ? random_below(random, 4) : random_below(random, 64);
		size_t at = in->count;

		if (input_insert(in, at, bytes))
			memset(in->bytes + at, 'p', bytes);
	} else if (in->count > 1) {
		size_t less = 1 + (random_below(random, 2) ? random_below(random, 3) : random_below(random, (uint32_t)in->count));

		in->count = in->count > less ? in->count - less : 1;
	}
}

static inline void mutate_byte(struct input *in, uint64_t *random)
{
	size_t at = random_below(random, (uint32_t)in->count);

	in->bytes[at] = (uint8_t)(random_below(random, 2) ? random_next(random) : in->bytes[at] ^ 1U << random_below(random, 8));
}

static inline void input_mutate(struct input *in, uint64_t *random)
{
	static void (*const ways[])(struct input *, uint64_t *) = {
		mutate_field, mutate_field, mutate_field, mutate_name,	mutate_name,
		mutate_tag,   mutate_options, mutate_end, mutate_byte,
	};

	if (in->count <= INPUT_ETH || !random_below(random, 32))
		input_seed(in, random);
	else
		ways[random_below(random, sizeof(ways) / sizeof(ways[0]))](in, random);
	if (random_below(random, 2))
		input_repair(in, random);
}

#endif
