/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The message about a table that cannot be opened. */
#ifndef ROLLCALL_TABLE_FAULT_H
#define ROLLCALL_TABLE_FAULT_H

#include "lib/fault.h"

/* The remedy for a directory that is not in a BPF file system. 'ip netns exec' mounts a new /sys, which has none. */
#define NO_BPFFS_REMEDY                                                                       \
	"'ip netns exec' has none, 'nsenter --net=/run/netns/NAME' keeps that of the host; else " \
	"'mount -t bpf bpf /sys/fs/bpf', or name one with --pin-dir"

/* Log why opening failed with ERR: the pin, what is wrong with it, and what to do. Returns ERR. */
int table_fault(int err, const struct rollcall_fault *fault);

#endif
