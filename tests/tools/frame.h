/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Frames for tests: the announcement of node-b that is known from the wire, altered by field.
 *
 *	ip.ttl=3	a number, decimal or hexadecimal; a MAC address, an IPv4 address
 *	udp.check=+1	so much beside what would be right; -1 likewise
 *	udp.check=bare	the pseudo-header sum alone, as it is left for a NIC to complete
 *	name=a%00b	text, any byte as % and two hexadecimal digits; prefix= likewise
 *
 * What is not set is right for what is set: lengths and checksums are computed, so a frame
 * with one field altered differs from a right one in that field alone. The exception is flip,
 * which comes last and mends nothing. This file knows nothing of the filter.
 */
#ifndef ROLLCALL_TESTS_FRAME_H
#define ROLLCALL_TESTS_FRAME_H

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_BYTES_MAX 2048
#define FRAME_TEXT_MAX	1024
#define FRAME_NAME_MAX	200 /* what a sweep over name.bytes goes up to */

#define FRAME_ETH_BYTES 14
#define FRAME_IP_BYTES	20
#define FRAME_UDP_BYTES 8

/* clang-format off */
#define FRAME_FIELDS(X)                                                                     \
	/* fields of the headers: place and width in bits, as without IP options */         \
	X(ETH_DST,    "eth.dst",      0, 48)                                                \
	X(ETH_SRC,    "eth.src",     48, 48)                                                \
	X(ETH_TYPE,   "eth.type",    96, 16)                                                \
	X(IP_VERSION, "ip.version", 112,  4)                                                \
	X(IP_IHL,     "ip.ihl",     116,  4)                                                \
	X(IP_TOS,     "ip.tos",     120,  8)                                                \
	X(IP_LEN,     "ip.len",     128, 16)                                                \
	X(IP_ID,      "ip.id",      144, 16)                                                \
	X(IP_FRAG,    "ip.frag",    160, 16) /* flags and offset */                         \
	X(IP_TTL,     "ip.ttl",     176,  8)                                                \
	X(IP_PROTO,   "ip.proto",   184,  8)                                                \
	X(IP_CHECK,   "ip.check",   192, 16)                                                \
	X(IP_SRC,     "ip.src",     208, 32)                                                \
	X(IP_DST,     "ip.dst",     240, 32)                                                \
	X(UDP_SRC,    "udp.src",    272, 16)                                                \
	X(UDP_DST,    "udp.dst",    288, 16)                                                \
	X(UDP_LEN,    "udp.len",    304, 16)                                                \
	X(UDP_CHECK,  "udp.check",  320, 16)                                                \
	/* what there is besides: numbers of bytes, and the number of a bit */              \
	X(OPTIONS,    "ip.options",   0,  0) /* no-operation options, a multiple of 4 */    \
	X(NAME_BYTES, "name.bytes",   0,  0) /* a name of that length */                    \
	X(SLACK,      "udp.slack",    0,  0) /* of the IP datagram, behind the UDP one */   \
	X(PAD,        "pad",          0,  0) /* behind the IP datagram */                   \
	X(CUT,        "cut",          0,  0) /* the frame ends after so many */             \
	X(FLIP,       "flip",         0,  0) /* this bit is inverted on the way */
/* clang-format on */

enum frame_field {
#define X(symbol, name, bit, bits) FRAME_##symbol,
	FRAME_FIELDS(X)
#undef X
	FRAME_FIELD_COUNT,
};

enum frame_how {
	FRAME_RIGHT, /* not set */
	FRAME_SET,
	FRAME_ADD, /* to what would be right */
	FRAME_BARE,
};

struct frame_text {
	uint8_t bytes[FRAME_TEXT_MAX];
	uint32_t count;
};

/* What a frame is to be like. */
struct frame_spec {
	struct {
		enum frame_how how;
		uint64_t number;
	} fields[FRAME_FIELD_COUNT];
	struct frame_text prefix, name;
};

struct frame {
	uint8_t bytes[FRAME_BYTES_MAX];
	uint32_t count;
};

static const struct {
	const char *name;
	uint16_t bit;
	uint8_t bits;
} frame_fields[FRAME_FIELD_COUNT] = {
#define X(symbol, name, bit, bits) [FRAME_##symbol] = { (name), (bit), (bits) },
	FRAME_FIELDS(X)
#undef X
};

static inline int frame_field_find(const char *name, size_t length)
{
	for (int i = 0; i < FRAME_FIELD_COUNT; i++)
		if (strlen(frame_fields[i].name) == length && !memcmp(frame_fields[i].name, name, length))
			return i;
	return -ENOENT;
}

/* Two hexadecimal digits. */
static inline int frame_hex_parse(const char *text, uint8_t *byte)
{
	char digits[3] = "";

	if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]))
		return -EINVAL;
	memcpy(digits, text, 2);
	*byte = (uint8_t)strtoul(digits, NULL, 16);
	return 0;
}

static inline int frame_text_parse(const char *text, struct frame_text *to)
{
	for (to->count = 0; *text; to->count++) {
		if (to->count == FRAME_TEXT_MAX)
			return -ERANGE;
		if (*text != '%') {
			to->bytes[to->count] = (uint8_t)*text++;
			continue;
		}
		if (frame_hex_parse(text + 1, &to->bytes[to->count]))
			return -EINVAL;
		text += 3;
	}
	return 0;
}

static inline int frame_number_parse(const char *text, uint64_t *number)
{
	struct in_addr address;
	char *end;

	if (inet_pton(AF_INET, text, &address) == 1) {
		*number = ntohl(address.s_addr);
		return 0;
	}
	errno = 0;
	*number = strtoull(text, &end, strchr(text, ':') ? 16 : 0);
	while (*end == ':' && end[1])
		*number = *number << 8 | strtoull(end + 1, &end, 16);
	return errno || *end || !*text ? -EINVAL : 0;
}

/* "ip.ttl=3": one field. Returns 0 or a negative errno. */
static inline int frame_set(struct frame_spec *spec, const char *setting)
{
	const char *value = strchr(setting, '=');
	int field;

	if (!value)
		return -EINVAL;
	field = frame_field_find(setting, (size_t)(value++ - setting));
	if (field < 0 && !strncmp(setting, "prefix=", 7))
		return frame_text_parse(value, &spec->prefix);
	if (field < 0 && !strncmp(setting, "name=", 5))
		return frame_text_parse(value, &spec->name);
	if (field < 0)
		return field;
	if (field == FRAME_UDP_CHECK && !strcmp(value, "bare")) {
		spec->fields[field].how = FRAME_BARE;
		return 0;
	}
	spec->fields[field].how = *value == '+' || *value == '-' ? FRAME_ADD : FRAME_SET;
	return frame_number_parse(value, &spec->fields[field].number);
}

static inline void frame_set_number(struct frame_spec *spec, enum frame_field field, uint64_t number)
{
	spec->fields[field].how = FRAME_SET;
	spec->fields[field].number = number;
}

static inline void frame_defaults(struct frame_spec *spec)
{
	memset(spec, 0, sizeof(*spec));
	frame_text_parse("multitastic:", &spec->prefix);
	frame_text_parse("node-b", &spec->name);
}

/* Numbers in a frame: big-endian, bit 0 is the highest of the first byte. */

static inline uint64_t frame_get(const struct frame *f, uint32_t bit, uint32_t bits)
{
	uint64_t number = 0;

	for (; bits; bit++, bits--)
		number = number << 1 | (f->bytes[bit / 8] >> (7 - bit % 8) & 1);
	return number;
}

static inline void frame_put(struct frame *f, uint32_t bit, uint32_t bits, uint64_t number)
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

/* Internet checksum (RFC 1071), as it is written down: 16-bit words, big-endian. */

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

static inline uint64_t frame_field_get(const struct frame_spec *spec, const struct frame *f, enum frame_field field)
{
	uint32_t behind = field >= FRAME_UDP_SRC ? (uint32_t)spec->fields[FRAME_OPTIONS].number * 8 : 0;

	return frame_get(f, frame_fields[field].bit + behind, frame_fields[field].bits);
}

static inline void frame_field_put(const struct frame_spec *spec, struct frame *f, enum frame_field field,
				   uint64_t number)
{
	uint32_t behind = field >= FRAME_UDP_SRC ? (uint32_t)spec->fields[FRAME_OPTIONS].number * 8 : 0;

	frame_put(f, frame_fields[field].bit + behind, frame_fields[field].bits, number);
}

/* RIGHT, unless something else was asked for. */
static inline void frame_field_write(const struct frame_spec *spec, struct frame *f, enum frame_field field,
				     uint64_t right)
{
	uint64_t number = spec->fields[field].number;

	if (spec->fields[field].how == FRAME_RIGHT)
		number = right;
	else if (spec->fields[field].how == FRAME_ADD)
		number += right;
	frame_field_put(spec, f, field, number);
}

static inline void frame_udp_checksum_write(const struct frame_spec *spec, struct frame *f, uint32_t udp)
{
	uint64_t udp_bytes = frame_field_get(spec, f, FRAME_UDP_LEN);
	uint64_t bare = frame_sum(f, FRAME_ETH_BYTES + 12, FRAME_ETH_BYTES + 20) + IPPROTO_UDP + udp_bytes;
	uint32_t covered = udp_bytes > FRAME_UDP_BYTES ? (uint32_t)udp_bytes : FRAME_UDP_BYTES;
	uint16_t right = (uint16_t)~frame_fold(bare + frame_sum(f, udp, udp + covered));

	if (spec->fields[FRAME_UDP_CHECK].how == FRAME_BARE)
		frame_field_put(spec, f, FRAME_UDP_CHECK, frame_fold(bare));
	else
		frame_field_write(spec, f, FRAME_UDP_CHECK, right ? right : 0xffff); /* RFC 768 */
}

static inline void frame_payload_append(const struct frame_spec *spec, struct frame *f)
{
	frame_append(f, spec->prefix.bytes, spec->prefix.count);
	if (spec->fields[FRAME_NAME_BYTES].how == FRAME_RIGHT)
		frame_append(f, spec->name.bytes, spec->name.count);
	else
		for (uint64_t i = 0; i < spec->fields[FRAME_NAME_BYTES].number; i++)
			frame_fill(f, (uint8_t)("abcdefghijklmnopqrstuvwxyz-_.XYZ0123456789"[i % 42]), 1);
}

static inline void frame_build(const struct frame_spec *spec, struct frame *f)
{
	static const uint8_t headers[FRAME_ETH_BYTES + FRAME_IP_BYTES] = {};
	uint32_t options = (uint32_t)spec->fields[FRAME_OPTIONS].number;
	uint32_t udp = FRAME_ETH_BYTES + FRAME_IP_BYTES + options, udp_end, ip_end, covered;
	uint64_t bit;

	f->count = 0;
	frame_append(f, headers, sizeof(headers));
	frame_fill(f, 1, options);
	frame_append(f, headers, FRAME_UDP_BYTES);
	frame_payload_append(spec, f);
	udp_end = f->count;
	/* what must not be taken for a part of the name is what could be */
	frame_fill(f, 's', spec->fields[FRAME_SLACK].number);
	ip_end = f->count;
	frame_fill(f, 'p', spec->fields[FRAME_PAD].number);

	frame_field_write(spec, f, FRAME_IP_VERSION, 4);
	frame_field_write(spec, f, FRAME_IP_IHL, (FRAME_IP_BYTES + options) / 4);
	frame_field_write(spec, f, FRAME_IP_TOS, 0);
	frame_field_write(spec, f, FRAME_IP_LEN, ip_end - FRAME_ETH_BYTES);
	frame_field_write(spec, f, FRAME_IP_ID, 0x26bd);
	frame_field_write(spec, f, FRAME_IP_FRAG, 0x4000);
	frame_field_write(spec, f, FRAME_IP_TTL, 1);
	frame_field_write(spec, f, FRAME_IP_PROTO, IPPROTO_UDP);
	frame_field_write(spec, f, FRAME_IP_SRC, 0x0a4d0002);
	frame_field_write(spec, f, FRAME_IP_DST, 0xef020304);
	covered = FRAME_ETH_BYTES + 4 * (uint32_t)frame_field_get(spec, f, FRAME_IP_IHL);
	if (covered < FRAME_ETH_BYTES + FRAME_IP_BYTES)
		covered = FRAME_ETH_BYTES + FRAME_IP_BYTES;

	frame_field_write(spec, f, FRAME_UDP_SRC, 49001);
	frame_field_write(spec, f, FRAME_UDP_DST, 49001);
	frame_field_write(spec, f, FRAME_UDP_LEN, udp_end - udp);
	frame_udp_checksum_write(spec, f, udp);
	/* last, as a header length too great takes in of UDP what is there */
	frame_field_write(spec, f, FRAME_IP_CHECK, (uint16_t)~frame_fold(frame_sum(f, FRAME_ETH_BYTES, covered)));

	/* RFC 1112: the group's low 23 bits */
	frame_field_write(spec, f, FRAME_ETH_DST,
			  0x01005e000000 | (frame_field_get(spec, f, FRAME_IP_DST) & 0x7fffff));
	frame_field_write(spec, f, FRAME_ETH_SRC, 0x0e874e057e3c);
	frame_field_write(spec, f, FRAME_ETH_TYPE, 0x0800);

	bit = spec->fields[FRAME_FLIP].number;
	if (spec->fields[FRAME_FLIP].how == FRAME_SET && bit / 8 < f->count)
		f->bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
	if (spec->fields[FRAME_CUT].how == FRAME_SET && spec->fields[FRAME_CUT].number < f->count)
		f->count = (uint32_t)spec->fields[FRAME_CUT].number;
}

/* The greatest number that makes sense, for going through them all. */
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
