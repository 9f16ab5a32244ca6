/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Does the driver still run the filter? In native mode the driver alone decides: vmxnet3 drops its pointer to the program
 * when it creates its queues again (vmxnet3_rq_cleanup_all() in drivers/net/vmxnet3/vmxnet3_drv.c), while the link of the
 * program and `ip link` still show it.
 *
 * A probe is a program at the tc hook, behind all others, until an announcement has come (bpf/probe.bpf.c). If the filter
 * runs, it has counted what the probe sees. The probe ends with its process. Without tcx (Linux 6.6) there is no probe.
 */
#ifndef ROLLCALL_PROBE_H
#define ROLLCALL_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/netdev.h"
#include "table.h"

struct probe_bpf;
struct ring_buffer;

struct probe {
	struct probe_bpf *object; /* NULL: no probe is under way */
	struct ring_buffer *ring;
	int link_fd;
	uint64_t counted; /* by the filter, of any outcome, when last looked at */
	bool doubted;	  /* something came that was not counted, perhaps because it was on its way when the probe began */
};

#define PROBE_NONE { .link_fd = -1 }

enum probe_finding {
	PROBE_NOTHING, /* no probe is under way, or nothing has come yet */
	PROBE_RUNS,
	PROBE_DEAD,
};

struct probe_spec {
	const struct table *table;
	const struct netdev *dev;
	uint32_t slot; /* whose counts are compared */
	bool no_ipv4, no_ipv6;
	int epoll_fd; /* becomes readable when probe_look() is due */
};

/* Begin, if none is under way. A failure is reported with -v. */
void probe_begin(struct probe *p, const struct probe_spec *spec);
/* The probe ends with any finding but PROBE_NOTHING. */
enum probe_finding probe_look(struct probe *p, const struct table *t, uint32_t slot);
void probe_end(struct probe *p);

#endif
