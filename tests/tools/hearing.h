/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Gives an announcement to a filter by BPF_PROG_TEST_RUN of the real program, on the CPU of the caller. It is complete
 * when the function returns. No interface and no network stack are involved.
 */
#ifndef ROLLCALL_TEST_HEARING_H
#define ROLLCALL_TEST_HEARING_H

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <string.h>

#include <rollcall/settings.h>

#include "frame.h"

/*
 * Build the announcement of NAME by the host 10.78.0.0 + HOST with the MAC address 02:00:CARD:HOST. HOST has 24 bits. Each host has its
 * own address, so the limit of names per address has no effect.
 */
static inline void
frame_of(struct frame *f, const struct rollcall_settings *s, const char *name, uint32_t host, uint8_t card)
{
	const uint8_t *group = s->group4;
	struct frame_spec spec;

	frame_defaults(&spec);
	spec.prefix.count = s->prefix_bytes;
	memcpy(spec.prefix.bytes, s->prefix, s->prefix_bytes);
	spec.name.count = (uint32_t)strlen(name);
	memcpy(spec.name.bytes, name, spec.name.count);
	frame_set_number(&spec, FRAME_ETH_SRC, 0x020000000000ULL | (uint64_t)card << 24 | host);
	frame_set_number(&spec, FRAME_IP_SRC, 0x0a4e0000ULL + host);
	frame_set_number(&spec, FRAME_IP_DST,
			 (uint64_t)group[0] << 24 | (uint64_t)group[1] << 16 | (uint64_t)group[2] << 8 | group[3]);
	frame_set_number(&spec, FRAME_UDP_DST, s->port);
	frame_build(&spec, f);
}

/* The ifindex of entries from hear() without an interface: that of the loopback device, in every namespace. */
#define HEARD_ON_LOOPBACK 1

static inline int hear_run(int prog_fd, struct bpf_test_run_opts *run, uint32_t verdict)
{
	if (bpf_prog_test_run_opts(prog_fd, run))
		return -errno;
	return run->retval == verdict ? 0 : -EBADMSG;
}

/* Run the XDP program over FRAME, as received on interface IFINDEX (0: none). Returns 0 or -errno. */
static inline int hear(int prog_fd, const struct frame *frame, uint32_t ifindex)
{
	struct xdp_md from = { .data_end = frame->count, .ingress_ifindex = ifindex };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame->bytes, .data_size_in = frame->count, .repeat = 1);

	if (ifindex) {
		run.ctx_in = &from;
		run.ctx_size_in = sizeof(from);
	}
	return hear_run(prog_fd, &run, XDP_PASS);
}

/* The same for the tc program. */
static inline int hear_tc(int prog_fd, const struct frame *frame, uint32_t ifindex)
{
	struct __sk_buff from = { .ifindex = ifindex };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame->bytes, .data_size_in = frame->count, .repeat = 1,
		    .ctx_in = &from, .ctx_size_in = sizeof(from));

	return hear_run(prog_fd, &run, (uint32_t)TC_ACT_UNSPEC);
}

#endif
