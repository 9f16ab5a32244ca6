/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The attachments: map `interfaces`, an array of slots, pinned in the directory of the table.
 *
 * Only loaders and `detach` write it, one at a time, under the lock of the pin directory. The loader
 * sets the number of the slot in the filter of the interface. It is the index of the filter's counts.
 */
#ifndef ROLLCALL_ATTACHMENT_H
#define ROLLCALL_ATTACHMENT_H

#include <linux/types.h>

#include "fixed.h"

#define ROLLCALL_SLOTS 64

enum rollcall_mode {
	ROLLCALL_MODE_NONE, /* nothing attached (yet) */
	ROLLCALL_MODE_NATIVE,
	ROLLCALL_MODE_GENERIC,
	ROLLCALL_MODE_TCX,
	ROLLCALL_MODE_CLSACT,
};

/* Static entries that the loader added to the interface's multicast list: bits. */
#define ROLLCALL_ENTRY_IPV4 1
#define ROLLCALL_ENTRY_IPV6 2

/* Offloads that attaching an XDP program turns off: bits. */
#define ROLLCALL_OFFLOAD_LRO	1
#define ROLLCALL_OFFLOAD_GRO_HW 2

struct rollcall_attachment {
	__u32 ifindex; /* 0: the slot is free */
	__u32 mode;    /* enum rollcall_mode */
	__u32 loader_pid;	/* the loader that attached or took over, written last; 0: none */
	__u32 made_qdisc;	/* 1: clsact, and the qdisc was not there before */
	__u64 loader_start;	/* start of that process in clock ticks since boot (proc(5)): pids are reused */
	char ifname[16];	/* IFNAMSIZ; the name when attached */
	__u8 lladdr[6];		/* its MAC: unicast frames to another are not for this host */
	__u8 made_entries;	/* ROLLCALL_ENTRY_* */
	__u8 offloads;		/* ROLLCALL_OFFLOAD_*: on before XDP was attached; detaching turns them on again */
	__u64 received_before;	/* frames that the interface had received when attached */
	char hostname[68];	/* --hostname of that loader, NUL-padded; "" if none was given */
	__u32 loader_pidns;	/* its PID namespace: inode number of /proc/PID/ns/pid; 0: not known */
};

ROLLCALL_FIXED(sizeof(struct rollcall_attachment) == 128, "layout of an attachment is fixed");

#endif
