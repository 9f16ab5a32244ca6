/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which BPF programs run on what an interface receives, whoever attached them. They run in this order: XDP, tcx,
 * then the filters of its clsact qdisc (sch_handle_ingress() in net/core/dev.c).
 */
#ifndef ROLLCALL_HOOKS_H
#define ROLLCALL_HOOKS_H

#include <bpf/bpf.h>
#include <stdbool.h>
#include <stdint.h>

#include "netlink.h"

/* In newer kernels' enum bpf_attach_type than these headers may know: tcx, from 6.6 on. */
#define TCX_INGRESS ((enum bpf_attach_type)46)

/* The filter's programs, as the kernel has their names (bpf/rollcall.bpf.c). */
#define HOOKS_OUR_XDP "rollcall_xdp"
#define HOOKS_OUR_TC  "rollcall_tc"

/* The XDP program in each mode; 0: there is none. */
struct xdp_programs {
	uint32_t native, generic, offloaded;
};

/* Any user may ask. Returns 0 or -errno, not logged. */
int hooks_xdp(uint32_t ifindex, struct xdp_programs *found);
bool hooks_xdp_runs(uint32_t ifindex, uint32_t prog_id);

/*
 * Why the driver rejects XDP program PROG_FD in native mode, in the kernel's own words, or "": bpf(2), which has just
 * rejected to attach it, only gives a number. Needs CAP_NET_ADMIN.
 */
void hooks_native_refusal(uint32_t ifindex, int prog_fd, char why[NETLINK_WHY_BYTES]);

#define TCX_PROGRAMS_MAX 64 /* BPF_MPROG_MAX in include/linux/bpf_mprog.h */

/* Fill IDS in the order in which they run. Needs CAP_NET_ADMIN. Returns how many, or -errno, not logged. */
int hooks_tcx(uint32_t ifindex, uint32_t ids[TCX_PROGRAMS_MAX]);
bool hooks_tcx_runs(uint32_t ifindex, uint32_t prog_id);

/* A filter of the clsact qdisc. */
struct hooks_filter {
	uint32_t priority;
	uint32_t handle; /* 0: not a filter, but the head of those with this priority, kind and protocol */
	char kind[16];	 /* "bpf", "flower", ... */
	uint32_t prog_id; /* of kind "bpf", the next one too */
	char name[32];	 /* "PROGRAM:[ID]" as tc and libbpf have it; "" if it has none */
};

/* Visited with each filter, which is valid during the call. Other than 0 ends the walk. */
typedef int (*hooks_filter_visit)(const struct hooks_filter *filter, void *context);

/*
 * Visit the filters of PARENT (TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS or TC_H_MIN_EGRESS)) in the order in which they
 * run. Any user may ask. Returns 0, -errno, not logged, or what VISIT returned. That there is no qdisc is no error.
 */
int hooks_filters(uint32_t ifindex, uint32_t parent, hooks_filter_visit visit, void *context);

#endif
