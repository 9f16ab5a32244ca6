// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The filter's parsing under libFuzzer and AddressSanitizer: no byte outside of the frame is
 * read, and what is let through is an announcement by a second, slower opinion.
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

static bool name_byte_good(uint8_t c, bool first)
{
	bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'), digit = c >= '0' && c <= '9';

	return letter || digit || (!first && (c == '.' || c == '_' || c == '-'));
}

static void check_name(const struct native *n, const uint8_t *name, size_t bytes)
{
	const char *hostname = n->announcement.key.hostname;

	MUST(bytes >= 1 && bytes <= ROLLCALL_HOSTNAME_MAX);
	MUST(!memcmp(hostname, name, bytes));
	for (size_t i = 0; i < sizeof(n->announcement.key.hostname); i++)
		MUST(i < bytes ? name_byte_good((uint8_t)hostname[i], !i) : !hostname[i]);
}

static void check_addresses(const struct native *n, const uint8_t *source, const uint8_t *frame, bool v6)
{
	static const struct rollcall_peer zero;
	const struct rollcall_peer *peer = &n->announcement.peer;

	MUST(n->announcement.key.family == (v6 ? ROLLCALL_FAMILY_IPV6 : ROLLCALL_FAMILY_IPV4));
	MUST(n->frame.source == source);
	MUST(!memcmp(peer->lladdr, frame + ETH_ALEN, ETH_ALEN));
	MUST(!memcmp(peer->ipv4, v6 ? zero.ipv4 : source, sizeof(peer->ipv4)));
	MUST(!memcmp(peer->ipv6, v6 ? source : zero.ipv6, sizeof(peer->ipv6)));
	MUST(!memcmp(peer->reserved, zero.reserved, sizeof(peer->reserved)));
	MUST(!peer->first_seen_ns && !peer->last_seen_ns && !peer->announcements);
}

/* What was let through, looked at once more, from the bytes alone. */
static void check_accepted(const struct native *n, const struct input *in)
{
	const uint8_t *frame = n->room + NATIVE_ALIGN;
	size_t udp_bytes, name;
	uint32_t check;
	uint16_t pseudo;
	struct places p;

	MUST(places_find(in, &p));
	udp_bytes = wire_get(in->bytes + p.udp + 4, 2);
	if (p.v6 && !udp_bytes)
		udp_bytes = wire_get(in->bytes + p.ip + 4, 2);
	MUST(wire_get(in->bytes + p.udp + 2, 2) == n->settings.port);
	MUST(p.udp - p.ip == (p.v6 ? 40 : 20));
	MUST(p.udp + udp_bytes <= in->count);
	name = sizeof(struct udphdr) + n->settings.prefix_bytes;
	MUST(udp_bytes > name);
	MUST(!memcmp(in->bytes + p.udp + sizeof(struct udphdr), n->settings.prefix, n->settings.prefix_bytes));
	check_name(n, in->bytes + p.udp + name, udp_bytes - name);
	check_addresses(n, frame - INPUT_ETH + p.ip + (p.v6 ? 8 : 12), frame, p.v6);

	check = wire_get(in->bytes + p.udp + 6, 2);
	pseudo = wire_pseudo_sum(in, &p, (uint32_t)udp_bytes);
	MUST((!check && !p.v6) || check == pseudo ||
	     wire_fold(pseudo + wire_sum(in->bytes + p.udp, udp_bytes)) == 0xffff);
	MUST(p.v6 || wire_fold(wire_sum(in->bytes + p.ip, 20)) == 0xffff);
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
		MUST(n.outcome == ROLLCALL_NOT_OURS ||
		     (n.outcome >= ROLLCALL_BAD_IP_HEADER && n.outcome < ROLLCALL_OUTCOME_COUNT));
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
