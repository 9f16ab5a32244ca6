/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Builds frames for tests, from a specification (frame_spec.h).
 *
 * Fields that are not set are valid for those that are set: lengths and checksums are computed. So a frame with one
 * changed field differs from a valid frame only in that field. The exception is `flip`, which is done last, without
 * updating other fields. This file does not use code of the filter.
 */
#ifndef ROLLCALL_TESTS_FRAME_H
#define ROLLCALL_TESTS_FRAME_H

#include "frame_spec.h"

#define FRAME_NAME_MAX 200 /* the maximum of a sweep over name.bytes */

#define FRAME_ETH_BYTES 14
#define FRAME_TAG_BYTES 4
#define FRAME_IP_BYTES	20
#define FRAME_IP6_BYTES 40
#define FRAME_EXT_BYTES 8
#define FRAME_UDP_BYTES 8

static inline bool frame_is_set(const struct frame_spec *spec, enum frame_field field)
{
	return spec->fields[field].how != FRAME_RIGHT;
}

static inline bool frame_is_ipv6(const struct frame_spec *spec)
{
	return spec->fields[FRAME_FAMILY].number == 6;
}

static inline uint32_t frame_place(const struct frame *f, enum frame_field field)
{
	enum frame_layer layer = frame_fields[field].layer;
	uint32_t base = layer == FRAME_NETWORK ? f->network : layer == FRAME_TRANSPORT ? f->udp : 0;

	return base * 8 + (uint32_t)frame_fields[field].bit;
}

static inline frame_number frame_field_get(const struct frame *f, enum frame_field field)
{
	return frame_get(f, frame_place(f, field), frame_fields[field].bits);
}

static inline void frame_field_put(struct frame *f, enum frame_field field, frame_number number)
{
	frame_put(f, frame_place(f, field), frame_fields[field].bits, number);
}

/* Write RIGHT, the valid value, unless the specification sets another one. */
static inline void frame_field_write(const struct frame_spec *spec, struct frame *f, enum frame_field field,
				     frame_number right)
{
	frame_number number = spec->fields[field].number;

	if (spec->fields[field].how == FRAME_RIGHT)
		number = right;
	else if (spec->fields[field].how == FRAME_ADD)
		number += right;
	frame_field_put(f, field, number);
}

/* The pseudo-header sum of the current bytes, for a UDP datagram of UDP_BYTES; not folded. */
static inline uint64_t frame_pseudo_sum(const struct frame *f, bool ipv6, uint64_t udp_bytes)
{
	uint32_t from = f->network + (ipv6 ? 8 : 12), bytes = ipv6 ? 32 : 8;

	return frame_sum(f, from, from + bytes) + IPPROTO_UDP + udp_bytes;
}

/* Write the checksums of the current bytes, unless the specification sets others. */
static inline void frame_checksums_write(const struct frame_spec *spec, struct frame *f)
{
	bool ipv6 = frame_is_ipv6(spec);
	uint64_t udp_bytes = (uint64_t)frame_field_get(f, FRAME_UDP_LEN), bare;
	uint32_t ip_header = 4 * (uint32_t)frame_field_get(f, FRAME_IP_IHL), covered;
	uint16_t right;

	if (ipv6 && !udp_bytes) /* as in a jumbogram: the rest of the packet (RFC 2675) */
		udp_bytes = (uint64_t)frame_field_get(f, FRAME_IP6_LEN) - (f->udp - f->network - FRAME_IP6_BYTES);
	bare = frame_pseudo_sum(f, ipv6, udp_bytes);
	covered = udp_bytes > FRAME_UDP_BYTES ? (uint32_t)udp_bytes : FRAME_UDP_BYTES;
	frame_field_put(f, FRAME_UDP_CHECK, 0);
	right = (uint16_t)~frame_fold(bare + frame_sum(f, f->udp, f->udp + covered));
	if (spec->fields[FRAME_UDP_CHECK].how == FRAME_BARE || f->offloaded)
		frame_field_put(f, FRAME_UDP_CHECK, frame_fold(bare));
	else
		frame_field_write(spec, f, FRAME_UDP_CHECK, right ? right : 0xffff); /* RFC 768 */
	if (ipv6)
		return;

	/* last, because a header length that is too large includes bytes of the UDP header */
	if (ip_header < FRAME_IP_BYTES)
		ip_header = FRAME_IP_BYTES;
	frame_field_put(f, FRAME_IP_CHECK, 0);
	frame_field_write(spec, f, FRAME_IP_CHECK,
			  (uint16_t)~frame_fold(frame_sum(f, f->network, f->network + ip_header)));
}

static inline void frame_ipv4_write(const struct frame_spec *spec, struct frame *f, uint32_t ip_end)
{
	frame_field_write(spec, f, FRAME_IP_VERSION, 4);
	frame_field_write(spec, f, FRAME_IP_IHL, (f->udp - f->network) / 4);
	frame_field_write(spec, f, FRAME_IP_TOS, 0);
	frame_field_write(spec, f, FRAME_IP_LEN, ip_end - f->network);
	frame_field_write(spec, f, FRAME_IP_ID, 0x26bd);
	frame_field_write(spec, f, FRAME_IP_FRAG, 0x4000);
	frame_field_write(spec, f, FRAME_IP_TTL, 1);
	frame_field_write(spec, f, FRAME_IP_PROTO, IPPROTO_UDP);
	frame_field_write(spec, f, FRAME_IP_SRC, 0x0a4d0002);
	frame_field_write(spec, f, FRAME_IP_DST, 0xef020304);
	/* RFC 1112: the low 23 bits of the group */
	frame_field_write(spec, f, FRAME_ETH_DST, 0x01005e000000 | (frame_field_get(f, FRAME_IP_DST) & 0x7fffff));
	frame_field_write(spec, f, FRAME_ETH_TYPE, 0x0800);
}

/* Write an extension header without effect: padding options, no segments left, or an atomic fragment. */
static inline void frame_extension_write(const struct frame_spec *spec, struct frame *f)
{
	uint8_t *header = f->bytes + f->network + FRAME_IP6_BYTES;
	uint64_t type = (uint64_t)spec->fields[FRAME_IP6_EXT].number;

	header[0] = IPPROTO_UDP;
	if (type == IPPROTO_HOPOPTS || type == IPPROTO_DSTOPTS) {
		header[2] = 1; /* PadN, of four bytes */
		header[3] = 4;
	} else if (type == IPPROTO_FRAGMENT) {
		header[2] = (uint8_t)(spec->fields[FRAME_IP6_FRAG].number >> 8);
		header[3] = (uint8_t)spec->fields[FRAME_IP6_FRAG].number;
	}
}

static inline void frame_ipv6_write(const struct frame_spec *spec, struct frame *f, uint32_t ip_end)
{
	const frame_number link_local = (frame_number)0xfe80 << 112 | 0x0c874efffe057e3cULL;
	const frame_number group = (frame_number)0xff02 << 112 | 0xef020304;
	bool extended = frame_is_set(spec, FRAME_IP6_EXT);

	frame_field_write(spec, f, FRAME_IP6_VERSION, 6);
	frame_field_write(spec, f, FRAME_IP6_CLASS, 0);
	frame_field_write(spec, f, FRAME_IP6_FLOW, 0);
	frame_field_write(spec, f, FRAME_IP6_LEN, ip_end - f->network - FRAME_IP6_BYTES);
	frame_field_write(spec, f, FRAME_IP6_NEXT, extended ? spec->fields[FRAME_IP6_EXT].number : IPPROTO_UDP);
	frame_field_write(spec, f, FRAME_IP6_HOPS, 1);
	frame_field_write(spec, f, FRAME_IP6_SRC, link_local);
	frame_field_write(spec, f, FRAME_IP6_DST, group);
	if (extended)
		frame_extension_write(spec, f);
	/* RFC 2464: the low 32 bits of the group */
	frame_field_write(spec, f, FRAME_ETH_DST, 0x333300000000 | (frame_field_get(f, FRAME_IP6_DST) & 0xffffffff));
	frame_field_write(spec, f, FRAME_ETH_TYPE, 0x86dd);
}

static inline void frame_payload_append(const struct frame_spec *spec, struct frame *f)
{
	frame_append(f, spec->prefix.bytes, spec->prefix.count);
	if (!frame_is_set(spec, FRAME_NAME_BYTES))
		frame_append(f, spec->name.bytes, spec->name.count);
	else
		for (uint64_t i = 0; i < spec->fields[FRAME_NAME_BYTES].number; i++)
			frame_fill(f, (uint8_t)("abcdefghijklmnopqrstuvwxyz-_.XYZ0123456789"[i % 42]), 1);
}

/* Build the frame without checksums, before cut and flip. */
static inline void frame_build_headers(const struct frame_spec *spec, struct frame *f)
{
	uint32_t tags = frame_is_set(spec, FRAME_VLAN) + frame_is_set(spec, FRAME_VLAN2), udp_end, ip_end;
	bool ipv6 = frame_is_ipv6(spec);

	tags += (uint32_t)spec->fields[FRAME_TAGS].number;
	f->offloaded = spec->fields[FRAME_OFFLOAD].number;
	f->linear = (uint32_t)spec->fields[FRAME_LINEAR].number;
	f->count = 0;
	f->network = FRAME_ETH_BYTES + tags * FRAME_TAG_BYTES;
	frame_fill(f, 0, f->network + (ipv6 ? FRAME_IP6_BYTES : FRAME_IP_BYTES));
	if (ipv6)
		frame_fill(f, 0, frame_is_set(spec, FRAME_IP6_EXT) ? FRAME_EXT_BYTES : 0);
	else
		frame_fill(f, 1, (uint64_t)spec->fields[FRAME_OPTIONS].number);
	f->udp = f->count;
	frame_fill(f, 0, FRAME_UDP_BYTES);
	frame_payload_append(spec, f);
	udp_end = f->count;
	/* the bytes after the UDP datagram are valid in a hostname, to detect a filter that reads too much */
	frame_fill(f, 's', (uint64_t)spec->fields[FRAME_SLACK].number);
	ip_end = f->count;
	frame_fill(f, 'p', (uint64_t)spec->fields[FRAME_PAD].number);

	frame_field_write(spec, f, FRAME_ETH_SRC, 0x0e874e057e3c);
	if (tags) {
		frame_field_write(spec, f, FRAME_VLAN_TYPE, 0x8100);
		frame_field_write(spec, f, FRAME_VLAN, 0);
	}
	if (tags > 1) {
		frame_field_write(spec, f, FRAME_VLAN2_TYPE, 0x8100);
		frame_field_write(spec, f, FRAME_VLAN2, 0);
	}
	for (uint32_t tag = 2; tag < tags; tag++)
		frame_put(f, (FRAME_ETH_BYTES - 2 + tag * FRAME_TAG_BYTES) * 8, 16, 0x8100);
	if (ipv6)
		frame_ipv6_write(spec, f, ip_end);
	else
		frame_ipv4_write(spec, f, ip_end);
	frame_field_write(spec, f, FRAME_UDP_SRC, 49001);
	frame_field_write(spec, f, FRAME_UDP_DST, 49001);
	frame_field_write(spec, f, FRAME_UDP_LEN, udp_end - f->udp);
}

static inline void frame_build(const struct frame_spec *spec, struct frame *f)
{
	uint64_t bit = (uint64_t)spec->fields[FRAME_FLIP].number;

	frame_build_headers(spec, f);
	frame_checksums_write(spec, f);
	if (frame_is_set(spec, FRAME_FLIP) && bit / 8 < f->count)
		f->bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
	if (frame_is_set(spec, FRAME_CUT) && spec->fields[FRAME_CUT].number < f->count)
		f->count = (uint32_t)spec->fields[FRAME_CUT].number;
}

/* The largest value of a field, for a sweep. */
static inline uint64_t frame_field_max(const struct frame_spec *spec, enum frame_field field)
{
	struct frame whole;

	switch (field) {
	case FRAME_NAME_BYTES:
		return FRAME_NAME_MAX;
	case FRAME_OPTIONS:
		return 40;
	case FRAME_SLACK:
	case FRAME_PAD:
		return 100;
	case FRAME_CUT:
	case FRAME_FLIP:
		frame_build(spec, &whole);
		return field == FRAME_CUT ? whole.count : whole.count * 8ULL - 1;
	default:
		return (1ULL << frame_fields[field].bits) - 1;
	}
}

#endif
