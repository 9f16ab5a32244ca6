/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The specification of a frame: the announcement of node-b that is known from the wire, with changed fields.
 *
 *	ip.ttl=3	a number, decimal or hexadecimal; a MAC, IPv4 or IPv6 address
 *	udp.check=+1	the valid value plus 1; -1 likewise
 *	udp.check=bare	only the pseudo-header sum, as it is left for a NIC to complete
 *	name=a%00b	text, any byte as % and two hexadecimal digits; prefix= likewise
 *
 * Fields that are not set are valid for those that are set; see frame.h, which builds the frame.
 */
#ifndef ROLLCALL_TESTS_FRAME_SPEC_H
#define ROLLCALL_TESTS_FRAME_SPEC_H

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>

#include "frame_bytes.h"

#define FRAME_TEXT_MAX 1024

/* The header that the offset of a field is relative to. */
enum frame_layer { FRAME_LINK, FRAME_NETWORK, FRAME_TRANSPORT, FRAME_NOWHERE };

/* clang-format off */
#define FRAME_FIELDS(X)                                                                          \
	/* fields of the headers: layer, place there and width in bits */                        \
	X(ETH_DST,     "eth.dst",     LINK,        0,  48)                                       \
	X(ETH_SRC,     "eth.src",     LINK,       48,  48)                                       \
	X(VLAN_TYPE,   "vlan.type",   LINK,       96,  16)                                       \
	X(VLAN,        "vlan",        LINK,      112,  16) /* there is a tag, and this is in it */ \
	X(VLAN2_TYPE,  "vlan2.type",  LINK,      128,  16)                                       \
	X(VLAN2,       "vlan2",       LINK,      144,  16) /* a second one */                    \
	X(ETH_TYPE,    "eth.type",    NETWORK,   -16,  16) /* behind the tags */                 \
	X(IP_VERSION,  "ip.version",  NETWORK,     0,   4)                                       \
	X(IP_IHL,      "ip.ihl",      NETWORK,     4,   4)                                       \
	X(IP_TOS,      "ip.tos",      NETWORK,     8,   8)                                       \
	X(IP_LEN,      "ip.len",      NETWORK,    16,  16)                                       \
	X(IP_ID,       "ip.id",       NETWORK,    32,  16)                                       \
	X(IP_FRAG,     "ip.frag",     NETWORK,    48,  16) /* flags and offset */                \
	X(IP_TTL,      "ip.ttl",      NETWORK,    64,   8)                                       \
	X(IP_PROTO,    "ip.proto",    NETWORK,    72,   8)                                       \
	X(IP_CHECK,    "ip.check",    NETWORK,    80,  16)                                       \
	X(IP_SRC,      "ip.src",      NETWORK,    96,  32)                                       \
	X(IP_DST,      "ip.dst",      NETWORK,   128,  32)                                       \
	X(IP6_VERSION, "ip6.version", NETWORK,     0,   4)                                       \
	X(IP6_CLASS,   "ip6.class",   NETWORK,     4,   8)                                       \
	X(IP6_FLOW,    "ip6.flow",    NETWORK,    12,  20)                                       \
	X(IP6_LEN,     "ip6.len",     NETWORK,    32,  16)                                       \
	X(IP6_NEXT,    "ip6.next",    NETWORK,    48,   8)                                       \
	X(IP6_HOPS,    "ip6.hops",    NETWORK,    56,   8)                                       \
	X(IP6_SRC,     "ip6.src",     NETWORK,    64, 128)                                       \
	X(IP6_DST,     "ip6.dst",     NETWORK,   192, 128)                                       \
	X(UDP_SRC,     "udp.src",     TRANSPORT,   0,  16)                                       \
	X(UDP_DST,     "udp.dst",     TRANSPORT,  16,  16)                                       \
	X(UDP_LEN,     "udp.len",     TRANSPORT,  32,  16)                                       \
	X(UDP_CHECK,   "udp.check",   TRANSPORT,  48,  16)                                       \
	/* what there is besides: numbers of bytes, and the number of a bit */                   \
	X(FAMILY,      "family",      NOWHERE,     0,   0) /* 4 or 6 */                          \
	X(TAGS,        "tags",        NOWHERE,     0,   0) /* so many tags of VLAN 0 more */    \
	X(OPTIONS,     "ip.options",  NOWHERE,     0,   0) /* no-operation options, a multiple of 4 */ \
	X(IP6_EXT,     "ip6.ext",     NOWHERE,     0,   0) /* an extension header of this type, 8 bytes */ \
	X(IP6_FRAG,    "ip6.frag",    NOWHERE,     0,   0) /* bytes 2 and 3 of ip6.ext=44 */     \
	X(NAME_BYTES,  "name.bytes",  NOWHERE,     0,   0) /* a name of that length */           \
	X(SLACK,       "udp.slack",   NOWHERE,     0,   0) /* of the IP datagram, behind the UDP one */ \
	X(PAD,         "pad",         NOWHERE,     0,   0) /* behind the IP datagram */          \
	X(CUT,         "cut",         NOWHERE,     0,   0) /* the frame ends after so many */    \
	X(FLIP,        "flip",        NOWHERE,     0,   0) /* this bit is inverted on the way */ \
	X(OFFLOAD,     "offload",     NOWHERE,     0,   0) /* 1: marked so, and udp.check=bare */ \
	X(LINEAR,      "linear",      NOWHERE,     0,   0) /* bytes in the first piece, if it is over a page */
/* clang-format on */

enum frame_field {
#define X(symbol, name, layer, bit, bits) FRAME_##symbol,
	FRAME_FIELDS(X)
#undef X
	FRAME_FIELD_COUNT,
};

enum frame_how {
	FRAME_RIGHT, /* not set */
	FRAME_SET,
	FRAME_ADD, /* added to the valid value */
	FRAME_BARE,
};

struct frame_text {
	uint8_t bytes[FRAME_TEXT_MAX];
	uint32_t count;
};

struct frame_spec {
	struct {
		enum frame_how how;
		frame_number number;
	} fields[FRAME_FIELD_COUNT];
	struct frame_text prefix, name;
};

static const struct {
	const char *name;
	enum frame_layer layer;
	int16_t bit;
	uint8_t bits;
} frame_fields[FRAME_FIELD_COUNT] = {
#define X(symbol, name, layer, bit, bits) [FRAME_##symbol] = { (name), FRAME_##layer, (bit), (bits) },
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

/* The bytes of a frame, in hexadecimal. */
static inline int frame_hex_read(const char *text, struct frame *f)
{
	for (; *text; text += 2, f->count++)
		if (f->count == FRAME_BYTES_MAX || frame_hex_parse(text, &f->bytes[f->count]))
			return -EINVAL;
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

static inline int frame_number_parse(const char *text, frame_number *number)
{
	uint8_t address[16];
	int bytes = inet_pton(AF_INET, text, address) == 1 ? 4 : inet_pton(AF_INET6, text, address) == 1 ? 16 : 0;
	char *end;

	*number = 0;
	for (int i = 0; i < bytes; i++)
		*number = *number << 8 | address[i];
	if (bytes)
		return 0;
	errno = 0;
	*number = strtoull(text, &end, strchr(text, ':') ? 16 : 0);
	while (*end == ':' && end[1])
		*number = *number << 8 | strtoull(end + 1, &end, 16);
	if (*text == '-') /* extend the sign from 64 bits */
		*number = (frame_number)(__int128)(int64_t)*number;
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

static inline void frame_set_number(struct frame_spec *spec, enum frame_field field, frame_number number)
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

#endif
