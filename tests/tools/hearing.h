/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Letting a filter hear an announcement by hand: BPF_PROG_TEST_RUN of the real program, on the
 * CPU of the caller, done when the call returns. No interface and no stack are in between.
 */
#ifndef ROLLCALL_TEST_HEARING_H
#define ROLLCALL_TEST_HEARING_H

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <string.h>

#include <rollcall/settings.h>

#define HEARING_FRAME_MAX 256

struct announcement_frame {
	uint8_t bytes[HEARING_FRAME_MAX];
	uint32_t size;
};

static inline uint16_t ip_header_checksum(const struct iphdr *ip)
{
	uint16_t words[sizeof(*ip) / 2];
	uint32_t sum = 0;

	memcpy(words, ip, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~(sum + (sum >> 16));
}

/*
 * NAME as the host 10.77.0.0 + HOST announces it, whose MAC is 02:00:CARD:HOST. Each host has an
 * address of its own, so no limit on the names of one address comes in.
 */
static inline void
frame_of(struct announcement_frame *f, const struct rollcall_settings *s, const char *name,
	 uint16_t host, uint8_t card)
{
	struct ethhdr eth = {
		.h_dest = { 0x01, 0x00, 0x5e, s->group4[1] & 0x7f, s->group4[2], s->group4[3] },
		.h_source = { 0x02, 0, 0, card, (uint8_t)(host >> 8), (uint8_t)host },
		.h_proto = htons(ETH_P_IP),
	};
	struct udphdr udp = { .source = htons(s->port), .dest = htons(s->port) }; /* no checksum */
	struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 1, .protocol = IPPROTO_UDP };
	size_t name_bytes = strlen(name);

	udp.len = htons((uint16_t)(sizeof(udp) + s->prefix_bytes + name_bytes));
	ip.tot_len = htons((uint16_t)(sizeof(ip) + sizeof(udp) + s->prefix_bytes + name_bytes));
	ip.saddr = htonl(0x0a4d0000U + host);
	memcpy(&ip.daddr, s->group4, sizeof(ip.daddr));
	ip.check = ip_header_checksum(&ip);

	f->size = 0;
#define PUT(from, count) (memcpy(f->bytes + f->size, from, count), f->size += (uint32_t)(count))
	PUT(&eth, sizeof(eth));
	PUT(&ip, sizeof(ip));
	PUT(&udp, sizeof(udp));
	PUT(s->prefix, s->prefix_bytes);
	PUT(name, name_bytes);
#undef PUT
}

/* The ifindex that entries get from hear() on no interface: the loopback's, in every namespace. */
#define HEARD_ON_LOOPBACK 1

/* As if FRAME came in on interface IFINDEX (0: on none). Returns 0 or -errno. */
static inline int hear(int prog_fd, const struct announcement_frame *frame, uint32_t ifindex)
{
	struct xdp_md from = { .data_end = frame->size, .ingress_ifindex = ifindex };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame->bytes, .data_size_in = frame->size, .repeat = 1);

	if (ifindex) {
		run.ctx_in = &from;
		run.ctx_size_in = sizeof(from);
	}
	if (bpf_prog_test_run_opts(prog_fd, &run))
		return -errno;
	return run.retval == XDP_PASS ? 0 : -EBADMSG;
}

#endif
