/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The filter's own headers compiled for this machine: frame and hostname, from the same lines
 * that make the BPF object, over bytes in memory. What the maps would say is left out.
 *
 * An input is one byte that chooses the settings, and then the frame.
 */
#ifndef ROLLCALL_TESTS_NATIVE_H
#define ROLLCALL_TESTS_NATIVE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunknown-pragmas" /* gcc knows no "unroll" */
/* All that these headers want of <bpf/bpf_helpers.h>, which does not go together with <bpf/bpf.h>. */
#define barrier_var(var) __asm__ volatile("" : "+r"(var))
#define __noinline __attribute__((noinline))

#define frame parsed_frame /* tests/tools/frame.h has a struct frame too */
#include "../../bpf/link.bpf.h"

#include "../../bpf/announcement.bpf.h"
#include "../../bpf/message.bpf.h"
#include "../../bpf/seal.bpf.h"
#undef frame
#pragma GCC diagnostic pop

#define NATIVE_SETTINGS 8

/* Prefixes of odd and even lengths, of whole words and not, the shortest and the longest. */
static inline void native_settings(uint8_t chosen, struct rollcall_settings *settings)
{
	static const char prefixes[NATIVE_SETTINGS][ROLLCALL_PREFIX_MAX + 1] = {
		ROLLCALL_PREFIX, "x", "ab", "abc", "rollcall", "here-is-", "the-longest-but-one-prefix-is-1",
		"and-the-longest-prefix-of-all-32",
	};
	uint8_t i = chosen % NATIVE_SETTINGS;

	*settings = (struct rollcall_settings)ROLLCALL_DEFAULT_SETTINGS;
	settings->prefix_bytes = (__u8)strlen(prefixes[i]);
	memset(settings->prefix, 0, sizeof(settings->prefix));
	memcpy(settings->prefix, prefixes[i], settings->prefix_bytes);
	settings->port = (__u16)(settings->port + i);
	if (i & 1) /* where a source in 0/8 may speak */
		memcpy(settings->group4, (const __u8[]){ 224, 0, 0, i }, 4);
	if (i & 2)
		settings->group6[2] = 0x7e;
}

struct native {
	struct rollcall_settings settings;
	enum rollcall_outcome outcome; /* PROCEED: it would go to the table */
	struct parsed_frame frame; /* points into: */
	uint8_t *room;
	struct announcement announcement;
	bool is_message, seal_good;
};

static const struct rollcall_key native_key = { { 'n', 'a', 't', 'i', 'v', 'e', 0, 0xff, 1, 2, 3, 4, 5, 6, 7, 8 } };

/* As in rollcall.bpf.c, where the MAC comes from a map; BPF_PROG_TEST_RUN has the loopback's, zeros. */
static inline bool native_is_for_other_host(const struct ethhdr *eth)
{
	static const __u8 here[ETH_ALEN];

	return !(eth->h_dest[0] & 1) && memcmp(eth->h_dest, here, ETH_ALEN);
}

#define NATIVE_ALIGN 2 /* as NET_IP_ALIGN: behind Ethernet and tags, headers are aligned */

/*
 * The frame lies in memory of its very size, so that AddressSanitizer sees a byte too much;
 * native_end() frees it.
 */
static inline void native_run(struct native *n, const uint8_t *input, size_t count, __u32 ifindex)
{
	struct cursor at;

	n->room = malloc(NATIVE_ALIGN + --count);
	if (!n->room)
		abort();
	at.pos = memcpy(n->room + NATIVE_ALIGN, input + 1, count);
	at.end = n->room + NATIVE_ALIGN + count;
	native_settings(input[0], &n->settings);
	memset(&n->announcement, 0, sizeof(n->announcement));
	n->outcome = frame_parse(at, FROM_ETHERNET, &n->settings, &n->frame);
	if (!outcome_is_ours(n->outcome))
		n->outcome = ROLLCALL_NOT_OURS; /* cut short: there is no more of it */
	if (n->outcome == PROCEED && native_is_for_other_host(n->frame.eth))
		n->outcome = ROLLCALL_OTHER_HOST;
	if (n->outcome == PROCEED)
		n->outcome = announcement_parse(&n->frame, &n->settings, ifindex, &n->announcement);
	n->is_message = n->outcome == ROLLCALL_BAD_PREFIX;
	if (n->is_message)
		n->outcome = message_parse(&n->frame, &n->settings, ifindex, &n->announcement);
	if (n->outcome == PROCEED)
		n->outcome = announcement_check_name(&n->announcement);
	n->seal_good = n->is_message && n->outcome == PROCEED && seal_good(&n->frame, &n->announcement, (const char *)native_key.bytes);
}

static inline void native_end(struct native *n)
{
	free(n->room);
}

#endif
