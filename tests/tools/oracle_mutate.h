/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Makes random frames: the known announcement with a few fields set to boundary values, with lengths and checksums
 * updated or not, and sometimes with random bytes. A frame depends only on the seed and its number.
 */
#ifndef ROLLCALL_TESTS_ORACLE_MUTATE_H
#define ROLLCALL_TESTS_ORACLE_MUTATE_H

#include "frame.h"
#include "oracle_lan.h"
#include "oracle_message.h"

#define MUTATE_OF(array) (array)[mutate_below(state, sizeof(array) / sizeof((array)[0]))]

/* splitmix64 */
static inline uint64_t mutate_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static inline uint64_t mutate_below(uint64_t *state, uint64_t bound)
{
	return mutate_random(state) % bound;
}

static inline bool mutate_percent(uint64_t *state, uint64_t percent)
{
	return mutate_below(state, 100) < percent;
}

static inline uint64_t mutate_mac(uint64_t *state)
{
	static const uint64_t macs[] = {
		LAN_MAC,	LAN_MAC ^ 1,	LAN_MAC ^ 1ULL << 40, LAN_MAC ^ 1ULL << 47, 0xffffffffffff,
		0x01005e020304, 0x01005e000001, 0x3333ef020304,	      0x333300000001,	    0x0180c2000000,
		0x0180c200000e, 0x01000ccccccc, 0,		      0x0e874e057e3c,
	};

	return mutate_percent(state, 10) ? mutate_random(state) >> 16 : MUTATE_OF(macs);
}

static inline frame_number mutate_source4(uint64_t *state)
{
	static const uint32_t sources[] = {
		0x00000000, 0x00000001, 0x00ffffff, 0x01000000, 0x0a4d0000, 0x0a4d0001, 0x0a4d0003, 0x0a4d00ff,
		0x64400001, 0x7effffff, 0x7f000000, 0x7f000001, 0x7fffffff, 0x80000000, 0xa9fe0001, 0xc0000201,
		0xdfffffff, 0xe0000001, 0xef020304, 0xefffffff, 0xf0000000, 0xfffffffe, 0xffffffff,
	};

	return mutate_percent(state, 20) ? (uint32_t)mutate_random(state) : MUTATE_OF(sources);
}

static inline frame_number mutate_source6(uint64_t *state)
{
	static const char *const sources[] = {
		"::", "::1", "::2", "::ffff:10.77.0.2", "::fffe:10.77.0.2", "::10.77.0.2", "::ffff:0:10.77.0.2",
		"64:ff9b::10.77.0.2", "100::1", "2001:db8::1", "2001:db8::2", "2002:7f00:1::1", "2002:a4d:2::1",
		"fc00::1", "fe80::1", "fe80::ff:fe00:1", "fec0::1", "ff00::1", "ff01::1", "ff02::1",
		"ff02::ef02:304", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "1::", "0:0:0:1::1", "::1:0:0:1",
	};
	frame_number source;

	frame_number_parse(MUTATE_OF(sources), &source);
	if (mutate_percent(state, 20))
		source = (frame_number)mutate_random(state) << 64 | mutate_random(state);
	return source;
}

static inline frame_number mutate_group6(uint64_t *state)
{
	static const char *const groups[] = { "ff02::1", "ff01::ef02:304", "ff05::ef02:304", "ff00::ef02:304",
					      "ff12::ef02:304", "ff02::ef02:305", "2001:db8::1" };
	frame_number group;

	frame_number_parse(MUTATE_OF(groups), &group);
	return group;
}

/* Set a numeric field to a boundary value, a value near the valid one, or a random value. */
static inline void mutate_number(uint64_t *state, struct frame_spec *spec, enum frame_field field)
{
	uint8_t bits = frame_fields[field].bits;
	uint64_t all = bits < 64 ? (1ULL << bits) - 1 : ~0ULL;

	switch (mutate_below(state, 4)) {
	case 0:
		frame_set_number(spec, field, mutate_percent(state, 50) ? 0 : all);
		break;
	case 1:
		frame_set_number(spec, field, mutate_random(state) & all);
		break;
	default:
		frame_set_number(spec, field, (frame_number)((__int128)mutate_below(state, 49) - 24));
		spec->fields[field].how = FRAME_ADD;
	}
}

static inline void mutate_udp_checksum(uint64_t *state, struct frame_spec *spec)
{
	mutate_number(state, spec, FRAME_UDP_CHECK);
	if (mutate_percent(state, 25))
		frame_set_number(spec, FRAME_UDP_CHECK, 0);
	else if (mutate_percent(state, 33))
		spec->fields[FRAME_UDP_CHECK].how = FRAME_BARE;
	else if (mutate_percent(state, 50))
		frame_set(spec, mutate_percent(state, 50) ? "udp.check=+1" : "udp.check=-1");
}

static inline void mutate_tag(uint64_t *state, struct frame_spec *spec, enum frame_field tag, enum frame_field type)
{
	static const uint16_t tcis[] = { 0, 0, 0x2000, 0xe000, 0x1000, 1, 5, 0x0fff, 0xffff };
	static const uint16_t types[] = { 0x8100, 0x88a8, 0x9100, 0x0800, 0x86dd };

	frame_set_number(spec, tag, MUTATE_OF(tcis));
	if (mutate_percent(state, 40))
		frame_set_number(spec, type, MUTATE_OF(types));
}

/* Set a name that is unique for its number, of any length; sometimes an invalid name. */
static inline void mutate_name(uint64_t *state, struct frame_spec *spec, uint64_t number)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ._-";
	char *text = (char *)spec->name.bytes;
	uint32_t count = (uint32_t)snprintf(text, 32, "h%llx.", (unsigned long long)number);
	uint32_t wanted = (uint32_t)mutate_below(state, ROLLCALL_HOSTNAME_MAX + 1);

	if (mutate_percent(state, 5))
		wanted += (uint32_t)mutate_below(state, 100);
	while (count < wanted)
		text[count++] = letters[mutate_below(state, sizeof(letters) - 1)];
	if (mutate_percent(state, 3))
		count = (uint32_t)mutate_below(state, 4);
	spec->name.count = count;
	if (count && mutate_percent(state, 5))
		text[mutate_percent(state, 30) ? 0 : mutate_below(state, count)] = (char)mutate_random(state);
	if (mutate_percent(state, 2))
		spec->prefix.bytes[mutate_below(state, spec->prefix.count)] ^= (uint8_t)(1 << mutate_below(state, 8));
	if (mutate_percent(state, 1))
		spec->prefix.count -= (uint32_t)mutate_below(state, spec->prefix.count + 1);
}

static inline void mutate_ipv4(uint64_t *state, struct frame_spec *spec)
{
	static const enum frame_field numbers[] = { FRAME_IP_VERSION, FRAME_IP_IHL,   FRAME_IP_TOS, FRAME_IP_LEN,
						    FRAME_IP_LEN,     FRAME_IP_ID,    FRAME_IP_TTL, FRAME_IP_PROTO,
						    FRAME_IP_CHECK,   FRAME_IP_CHECK, FRAME_IP_FRAG };
	static const uint16_t frags[] = { 0, 0x2000, 0x6000, 0x8000, 0xc000, 1, 0x4001, 0x1fff };
	static const uint32_t groups[] = { 0xef020305, 0xef030304, 0xe0000001, 0x0a4d0001, 0x0a4d00ff, 0xffffffff };

	switch (mutate_below(state, 8)) {
	case 0:
	case 1:
		frame_set_number(spec, FRAME_IP_SRC, mutate_source4(state));
		break;
	case 2:
		frame_set_number(spec, FRAME_IP_FRAG, MUTATE_OF(frags));
		break;
	case 3:
		frame_set_number(spec, FRAME_OPTIONS, mutate_below(state, 11) << 2);
		break;
	case 4:
		if (mutate_percent(state, 30))
			frame_set_number(spec, FRAME_IP_DST, MUTATE_OF(groups));
		break;
	default:
		mutate_number(state, spec, MUTATE_OF(numbers));
	}
}

static inline void mutate_ipv6(uint64_t *state, struct frame_spec *spec)
{
	static const enum frame_field numbers[] = { FRAME_IP6_VERSION, FRAME_IP6_CLASS, FRAME_IP6_FLOW, FRAME_IP6_LEN,
						    FRAME_IP6_LEN,     FRAME_IP6_NEXT,	FRAME_IP6_HOPS };
	static const uint8_t extensions[] = { 0, 43, 44, 51, 60, 50, 59, 58, 135, 139, 140, 253 };
	static const uint16_t frags[] = { 0, 1, 6, 8, 9, 0xfff8 };

	switch (mutate_below(state, 8)) {
	case 0:
	case 1:
		frame_set_number(spec, FRAME_IP6_SRC, mutate_source6(state));
		break;
	case 2:
		frame_set_number(spec, FRAME_IP6_EXT, MUTATE_OF(extensions));
		frame_set_number(spec, FRAME_IP6_FRAG, MUTATE_OF(frags));
		break;
	case 3:
		if (mutate_percent(state, 30))
			frame_set_number(spec, FRAME_IP6_DST, mutate_group6(state));
		break;
	default:
		mutate_number(state, spec, MUTATE_OF(numbers));
	}
}

static inline void mutate_link(uint64_t *state, struct frame_spec *spec)
{
	static const uint16_t types[] = { 0x0800, 0x86dd, 0x0806, 0x8100, 0x88a8, 0x05dc, 0x002e, 0x8863, 0 };

	switch (mutate_below(state, 6)) {
	case 0:
	case 1:
		frame_set_number(spec, FRAME_ETH_DST, mutate_mac(state));
		break;
	case 2:
		frame_set_number(spec, FRAME_ETH_SRC, mutate_mac(state));
		break;
	case 3:
		mutate_tag(state, spec, FRAME_VLAN2, FRAME_VLAN2_TYPE);
		mutate_tag(state, spec, FRAME_VLAN, FRAME_VLAN_TYPE);
		if (mutate_percent(state, 30))
			frame_set_number(spec, FRAME_TAGS, mutate_below(state, 4));
		break;
	case 4:
		mutate_tag(state, spec, FRAME_VLAN, FRAME_VLAN_TYPE);
		break;
	default:
		if (mutate_percent(state, 20))
			frame_set_number(spec, FRAME_ETH_TYPE, MUTATE_OF(types));
	}
}

static inline void mutate_udp(uint64_t *state, struct frame_spec *spec)
{
	switch (mutate_below(state, 7)) {
	case 0:
		mutate_number(state, spec, FRAME_UDP_SRC);
		break;
	case 1:
		if (mutate_percent(state, 20))
			mutate_number(state, spec, FRAME_UDP_DST);
		break;
	case 2:
	case 3:
		mutate_number(state, spec, FRAME_UDP_LEN);
		break;
	default:
		mutate_udp_checksum(state, spec);
	}
}

static inline void mutate_field(uint64_t *state, struct frame_spec *spec)
{
	switch (mutate_below(state, 6)) {
	case 0:
		mutate_link(state, spec);
		break;
	case 1:
	case 2:
		if (frame_is_ipv6(spec))
			mutate_ipv6(state, spec);
		else
			mutate_ipv4(state, spec);
		break;
	case 3:
	case 4:
		mutate_udp(state, spec);
		break;
	default:
		frame_set_number(spec, mutate_percent(state, 50) ? FRAME_PAD : FRAME_SLACK, mutate_below(state, 64));
	}
}

/* Change random bytes, mostly in the headers, with or without updating the checksums. */
static inline void mutate_bytes(uint64_t *state, const struct frame_spec *spec, struct frame *f)
{
	for (uint64_t changes = mutate_below(state, 4) + 1; changes; changes--) {
		uint64_t at = mutate_below(state, mutate_percent(state, 70) ? f->udp + FRAME_UDP_BYTES : f->count);

		if (mutate_percent(state, 50))
			f->bytes[at] ^= (uint8_t)(1 << mutate_below(state, 8));
		else
			f->bytes[at] = (uint8_t)mutate_random(state);
	}
	if (f->offloaded || mutate_percent(state, 60))
		frame_checksums_write(spec, f);
}

static inline void mutate_cut(uint64_t *state, struct frame *f)
{
	uint32_t most = f->count - FRAME_ETH_BYTES;

	f->count -= (uint32_t)mutate_below(state, mutate_percent(state, 50) ? most + 1 : 9);
	if (f->count < f->udp + FRAME_UDP_BYTES)
		f->offloaded = false; /* the kernel rejects an offset after the end */
}

/* Make a frame of more than a page, which a driver has in several buffers. */
static inline void mutate_pieces(uint64_t *state, struct frame_spec *spec)
{
	frame_set_number(spec, FRAME_PAD, 4100 + mutate_below(state, 900));
	frame_set_number(spec, FRAME_LINEAR, FRAME_ETH_BYTES + mutate_below(state, 150));
}

/*
 * Make the frame a message, mostly one that is right in a table with a key. Its addresses and name are set. Short names
 * occur more than once: their sequences grow, and nobody says goodbye for them.
 */
static inline void mutate_message(uint64_t *state, struct frame_spec *spec, uint64_t number)
{
	static const uint8_t flags[] = { GOODBYE, 2, 0x81 }, ids[] = { 0, SEALED_KEY_ID + 1, 255 };
	static const uint64_t sequences[] = { 0, UINT64_MAX, ORACLE_TIME_US + (1ULL << 61),
					      ORACLE_TIME_US - (ORACLE_SKEW_S + 3600) * 1000000,
					      ORACLE_TIME_US + (ORACLE_SKEW_S + 3600) * 1000000 };
	struct message_spec message = { 0, SEALED_KEY_ID, ORACLE_TIME_US + number, sealed_key };

	if (mutate_percent(state, 4) && spec->name.count > 4)
		message.flags = MUTATE_OF(flags);
	if (mutate_percent(state, 4))
		message.key_id = MUTATE_OF(ids);
	if (mutate_percent(state, 4))
		message.sequence = MUTATE_OF(sequences);
	sealed_prefix(spec, &message);
	if (mutate_percent(state, 4))
		spec->prefix.bytes[mutate_below(state, spec->prefix.count)] ^= (uint8_t)(1 << mutate_below(state, 8));
	if (mutate_percent(state, 3))
		spec->prefix.count -= (uint32_t)mutate_below(state, spec->prefix.count + 1);
}

static inline void mutate_make(uint64_t seed, uint64_t number, bool jumbo, struct frame *f)
{
	static const uint8_t mutations[] = { 0, 1, 1, 1, 1, 2, 2, 2, 3, 5 };
	uint64_t mixed = seed ^ number * 0xd1342543de82ef95ULL, *state = &mixed;
	struct frame_spec spec;

	frame_defaults(&spec);
	frame_set_number(&spec, FRAME_FAMILY, mutate_percent(state, 60) ? 4 : 6);
	frame_set_number(&spec, FRAME_IP_ID, mutate_random(state) & 0xffff);
	mutate_name(state, &spec, number);
	for (uint8_t i = MUTATE_OF(mutations); i; i--)
		mutate_field(state, &spec);
	if (mutate_percent(state, 10))
		frame_set_number(&spec, FRAME_OFFLOAD, 1);
	if (jumbo && mutate_percent(state, 30))
		mutate_pieces(state, &spec);
	if (mutate_percent(state, oracle_sealed ? 95 : 15))
		mutate_message(state, &spec, number);
	frame_build(&spec, f);
	if (mutate_percent(state, 10))
		mutate_bytes(state, &spec, f);
	if (mutate_percent(state, 5))
		mutate_cut(state, f);
}

#endif
