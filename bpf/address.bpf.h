/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An address in its usual text form (RFC 5952), as address_text() in user/view/write.c prints it.
 *
 * The code formats IPv6 itself, because %pI6c in a BPF program does not shorten zeros. It does not print
 * embedded IPv4 addresses in dotted form, because no announcement comes from such an address.
 */
#ifndef ROLLCALL_ADDRESS_BPF_H
#define ROLLCALL_ADDRESS_BPF_H

#include <linux/types.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/table.h>

#define IPV6_WORDS 8
#define IFNAME_TEXT 16
#define ADDRESS_TEXT 64 /* 39 of an IPv6 address, '%', the interface and the NUL */

/* The longest run of zero words, the first one of several. A single word is not a run. */
struct zero_run {
	__u32 begin, end;
};

static __always_inline struct zero_run address_zero_run(const __be16 words[IPV6_WORDS])
{
	struct zero_run best = {};
	__u32 begin = 0;

#pragma unroll
	for (__u32 i = 0; i < IPV6_WORDS; i++) {
		if (words[i])
			begin = i + 1;
		else if (i + 1 - begin > 1 && i + 1 - begin > best.end - best.begin)
			best = (struct zero_run){ begin, i + 1 };
	}
	return best;
}

/* Each word is printed into a buffer of its own, because the verifier accepts writes at constant offsets. */
static __always_inline void address_ipv6(const __be16 words[IPV6_WORDS], const char *ifname, char text[ADDRESS_TEXT])
{
	struct zero_run run = address_zero_run(words);
	bool link_local = (bpf_ntohs(words[0]) & 0xffc0) == 0xfe80; /* RFC 4007 */
	char parts[IPV6_WORDS][8] = {};

#pragma unroll
	for (__u32 i = 0; i < IPV6_WORDS; i++) {
		__u32 word = bpf_ntohs(words[i]);

		if (i >= run.begin && i < run.end) {
			if (i == run.begin)
				parts[i][0] = parts[i][1] = ':';
		} else if (!i || i == run.end) {
			BPF_SNPRINTF(parts[i], sizeof(parts[i]), "%x", word);
		} else {
			BPF_SNPRINTF(parts[i], sizeof(parts[i]), ":%x", word);
		}
	}
	if (link_local)
		BPF_SNPRINTF(text, ADDRESS_TEXT, "%s%s%s%s%s%s%s%s%%%s", parts[0], parts[1], parts[2], parts[3],
			     parts[4], parts[5], parts[6], parts[7], ifname);
	else
		BPF_SNPRINTF(text, ADDRESS_TEXT, "%s%s%s%s%s%s%s%s", parts[0], parts[1], parts[2], parts[3],
			     parts[4], parts[5], parts[6], parts[7]);
}

static __always_inline void address_text(const struct rollcall_peer *peer, __u8 family, const char *ifname,
					 char text[ADDRESS_TEXT])
{
	__be16 words[IPV6_WORDS];

	if (family == ROLLCALL_FAMILY_IPV4) {
		BPF_SNPRINTF(text, ADDRESS_TEXT, "%pI4", peer->ipv4);
		return;
	}
	__builtin_memcpy(words, peer->ipv6, sizeof(words));
	address_ipv6(words, ifname, text);
}

#endif
