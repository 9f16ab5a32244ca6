/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The BPF programs that run on the frames an interface receives, also those of other tools. They run in this order:
 * XDP, tcx, then the filters of its clsact qdisc (sch_handle_ingress() in net/core/dev.c).
 */
#ifndef ROLLCALL_HOOKS_H
#define ROLLCALL_HOOKS_H

#include <bpf/bpf.h>
#include <stdbool.h>
#include <stdint.h>

#include "netlink.h"

/* From enum bpf_attach_type of Linux 6.6: the installed headers may be older. */
#define TCX_INGRESS ((enum bpf_attach_type)46)

/* The names of the filter's programs in the kernel (bpf/rollcall.bpf.c). */
#define HOOKS_OUR_XDP "rollcall_xdp"
#define HOOKS_OUR_TC  "rollcall_tc"

/* The XDP program in each mode; 0: there is none. */
struct xdp_programs {
	uint32_t native, generic, offloaded;
};

/* Any user may call this. Returns 0 or -errno. It logs nothing. */
int hooks_xdp(uint32_t ifindex, struct xdp_programs *found);
bool hooks_xdp_runs(uint32_t ifindex, uint32_t prog_id);

/*
 * Set WHY to the kernel's message why the driver rejects XDP program PROG_FD in native mode, or to "". bpf(2), which
 * has just failed to attach it, returns only a number. Requires CAP_NET_ADMIN.
 */
void hooks_native_refusal(uint32_t ifindex, int prog_fd, char why[NETLINK_WHY_BYTES]);

#define TCX_PROGRAMS_MAX 64 /* BPF_MPROG_MAX in include/linux/bpf_mprog.h */

/*
 * Set IDS in the order in which the programs run. Requires CAP_NET_ADMIN. Returns their number or -errno. It logs
 * nothing.
 */
int hooks_tcx(uint32_t ifindex, uint32_t ids[TCX_PROGRAMS_MAX]);
bool hooks_tcx_runs(uint32_t ifindex, uint32_t prog_id);

/* A filter of the clsact qdisc. */
struct hooks_filter {
	uint32_t priority;
	uint32_t handle; /* 0: not a filter, but the head of the filters of this priority, kind and protocol */
	char kind[16];	 /* "bpf", "flower", ... */
	uint32_t prog_id; /* only of kind "bpf" */
	char name[32];	 /* only of kind "bpf": "PROGRAM:[ID]" as tc and libbpf set it; "" if it has none */
};

/* Called for each filter, which is valid during the call. A return value other than 0 ends the walk. */
typedef int (*hooks_filter_visit)(const struct hooks_filter *filter, void *context);

/*
 * Visit the filters of PARENT (TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS or TC_H_MIN_EGRESS)) in the order in which they
 * run. Any user may call this. Returns 0, also if there is no qdisc, the value of VISIT, or -errno. It logs nothing.
 */
int hooks_filters(uint32_t ifindex, uint32_t parent, hooks_filter_visit visit, void *context);

#endif
