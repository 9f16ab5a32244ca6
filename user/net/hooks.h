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

/* In newer kernels' enum bpf_attach_type than these headers may know: tcx, from 6.6 on. */
#define TCX_INGRESS ((enum bpf_attach_type)46)

/* The XDP program in each mode; 0: there is none. */
struct xdp_programs {
	uint32_t native, generic, offloaded;
};

/* Any user may ask. Returns 0 or -errno, not logged. */
int hooks_xdp(uint32_t ifindex, struct xdp_programs *found);
bool hooks_xdp_runs(uint32_t ifindex, uint32_t prog_id);

#define TCX_PROGRAMS_MAX 64 /* BPF_MPROG_MAX in include/linux/bpf_mprog.h */

/* Fill IDS in the order in which they run. Needs CAP_NET_ADMIN. Returns how many, or -errno, not logged. */
int hooks_tcx(uint32_t ifindex, uint32_t ids[TCX_PROGRAMS_MAX]);
bool hooks_tcx_runs(uint32_t ifindex, uint32_t prog_id);

#endif
