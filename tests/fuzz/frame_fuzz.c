// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The filter's parsing under libFuzzer and AddressSanitizer: no byte outside of the frame is
 * read, and what is let through is an announcement by a second, slower opinion, in which what is
 * refused for its name or checksum has deserved it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mutate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max); /* libFuzzer's own */

#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "not so: %s\n", #condition);                               \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

/* The second opinion: an input by bytes, without a thought for the verifier. */
struct opinion {
	const uint8_t *ip, *udp, *name;
	size_t ip_end, udp_end, frame_end; /* offsets in the input */
	size_t name_bytes;
	bool v6, udp_sum_good, ip_sum_good, is_message;
};

static struct opinion opinion_of(const struct native *n, const struct input *in)
{
	struct opinion o = { .frame_end = in->count };
	size_t udp_bytes, name;
	struct places p;
	uint32_t check;
	uint16_t pseudo;

	MUST(places_find(in, &p));
	o.v6 = p.v6;
	o.ip = in->bytes + p.ip;
	o.udp = in->bytes + p.udp;
	o.ip_end = p.ip + (p.v6 ? 40 + wire_get(o.ip + 4, 2) : wire_get(o.ip + 2, 2));
	udp_bytes = wire_get(o.udp + 4, 2);
	if (p.v6 && !udp_bytes)
		udp_bytes = wire_get(o.ip + 4, 2);
	o.udp_end = p.udp + udp_bytes;
	MUST(p.udp - p.ip == (p.v6 ? 40 : 20));
	o.ip_sum_good = p.v6 || wire_fold(wire_sum(o.ip, 20)) == 0xffff;
	if (o.udp_end > in->count)
		return o;

	check = wire_get(o.udp + 6, 2);
	pseudo = wire_pseudo_sum(in, &p, (uint32_t)udp_bytes);
	o.udp_sum_good = check ? check == pseudo || wire_fold(pseudo + wire_sum(o.udp, udp_bytes)) == 0xffff : !p.v6;
	o.is_message = n->is_message;
	name = sizeof(struct udphdr) + (o.is_message ? 28 : n->settings.prefix_bytes);
	o.name = o.udp + name;
	o.name_bytes = udp_bytes > name ? udp_bytes - name : 0;
	return o;
}

static bool name_byte_good(uint8_t c, bool first)
{
	bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'), digit = c >= '0' && c <= '9';

	return letter || digit || (!first && (c == '.' || c == '_' || c == '-'));
}

static bool name_good(const struct opinion *o)
{
	for (size_t i = 0; i < o->name_bytes; i++)
		if (!name_byte_good(o->name[i], !i))
			return false;
	return o->name_bytes >= 1 && o->name_bytes <= ROLLCALL_HOSTNAME_MAX;
}

static void check_hostname(const struct native *n, const struct opinion *o)
{
	const char *hostname = n->announcement.key.hostname;

	for (size_t i = 0; i < o->name_bytes; i++)
		MUST(hostname[i] == (o->name[i] >= 'A' && o->name[i] <= 'Z' ? o->name[i] + 32 : o->name[i]));
	for (size_t i = o->name_bytes; i < sizeof(n->announcement.key.hostname); i++)
		MUST(!hostname[i]);
}

static void check_addresses(const struct native *n, const struct opinion *o)
{
	static const struct rollcall_peer zero;
	const struct rollcall_peer *peer = &n->announcement.peer;
	const uint8_t *source = o->ip + (o->v6 ? 8 : 12);

	MUST(n->announcement.key.family == (o->v6 ? ROLLCALL_FAMILY_IPV6 : ROLLCALL_FAMILY_IPV4));
	MUST(!memcmp(peer->ipv4, o->v6 ? zero.ipv4 : source, sizeof(peer->ipv4)));
	MUST(!memcmp(peer->ipv6, o->v6 ? source : zero.ipv6, sizeof(peer->ipv6)));
	MUST(!(peer->flags & ~ANNOUNCEMENT_GOODBYE) && !peer->reserved && !peer->contested);
	MUST(!memcmp(peer->reserved2, zero.reserved2, sizeof(peer->reserved2)));
	MUST(!peer->first_seen_ns && !peer->last_seen_ns && !peer->announcements);
}

static void check_message(const struct native *n, const struct input *in, const struct opinion *o)
{
	const uint8_t *message = o->udp + sizeof(struct udphdr);
	uint8_t bytes[16 + 20 + INPUT_BYTES_MAX] = {};
	uint64_t sequence = (uint64_t)wire_get(message + 12, 4) << 32 | wire_get(message + 16, 4);
	struct places p;

	MUST(places_find(in, &p));
	MUST(!memcmp(message, "rollcall1:", 10));
	MUST(message[10] <= 1 && (message[10] || message[11]));
	MUST(message[11] || !little_endian(message + 20, 8));
	MUST(n->announcement.peer.flags == (message[10] ? ANNOUNCEMENT_GOODBYE : 0));
	MUST(n->announcement.sequence == sequence);
	if (in->count <= INPUT_BYTES_MAX) {
		size_t count = sealed_bytes(in, &p, bytes);

		MUST(n->seal_good == (little_endian(message + 20, 8) == sip_hash(native_key.bytes, bytes, count)));
	}
}

static void check_accepted(const struct native *n, const struct input *in)
{
	struct opinion o = opinion_of(n, in);

	MUST(o.ip_end <= o.frame_end);
	MUST(o.udp_end <= o.ip_end);
	MUST(o.ip_sum_good && o.udp_sum_good);
	MUST(wire_get(o.udp + 2, 2) == n->settings.port);
	if (o.is_message)
		check_message(n, in, &o);
	else
		MUST(!memcmp(o.udp + sizeof(struct udphdr), n->settings.prefix, n->settings.prefix_bytes));
	MUST(name_good(&o));
	check_hostname(n, &o);
	check_addresses(n, &o);
	MUST(!memcmp(n->announcement.peer.lladdr, in->bytes + INPUT_ETH + ETH_ALEN, ETH_ALEN));
}

/* Sums and names are judged by clever means: was one refused that is right? */
static void check_refused(const struct native *n, const struct input *in)
{
	switch (n->outcome) {
	case ROLLCALL_BAD_IP_CHECKSUM:
		MUST(!opinion_of(n, in).ip_sum_good);
		break;
	case ROLLCALL_BAD_UDP_CHECKSUM:
		MUST(!opinion_of(n, in).udp_sum_good);
		break;
	case ROLLCALL_NAME_BAD_CHAR:
	case ROLLCALL_NAME_BAD_START: {
		struct opinion o = opinion_of(n, in);

		MUST(!name_good(&o));
		break;
	}
	case ROLLCALL_BAD_MESSAGE:
		MUST(n->is_message);
		break;
	case ROLLCALL_NAME_EMPTY:
		MUST(!opinion_of(n, in).name_bytes);
		break;
	case ROLLCALL_NAME_TOO_LONG:
		MUST(opinion_of(n, in).name_bytes > ROLLCALL_HOSTNAME_MAX);
		break;
	default:
		MUST(n->outcome == ROLLCALL_NOT_OURS ||
		     (n->outcome >= ROLLCALL_BAD_IP_HEADER && n->outcome < ROLLCALL_OUTCOME_COUNT));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { (uint8_t *)data, size, size };
	struct native n;

	if (!size)
		return 0;
	native_run(&n, data, size, 1);
	if (n.outcome == PROCEED)
		check_accepted(&n, &in);
	else
		check_refused(&n, &in);
	native_end(&n);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
	struct input in = { data, size, max };
	uint64_t random = seed;

	if (random_below(&random, 4)) {
		input_mutate(&in, &random);
		return in.count;
	}
	in.count = LLVMFuzzerMutate(data, size, max);
	if (in.count && random_below(&random, 2))
		input_repair(&in, &random);
	return in.count;
}
