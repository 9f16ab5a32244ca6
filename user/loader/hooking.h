/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Putting the filter onto an interface: choose a mode, load the program for it, attach it.
 *
 * The record of the attachment is written before each step that lasts, so that a kill between any
 * two steps leaves what the next attach or detach finds. It does not choose the slot, knows no
 * entries, and does not decide what is attached to. Needs the lock of the pin directory.
 */
#ifndef ROLLCALL_HOOKING_H
#define ROLLCALL_HOOKING_H

#include "hook.h"
#include "net/netdev.h"
#include "slots.h"

/* The filter to attach, and where. */
struct hooking {
	const char *dir;
	const struct table *table;
	const struct netdev *dev;
	const struct hook_order *order;
	int events_fd;
	bool consume;
	bool no_ipv4, no_ipv6; /* a family that is not to be received */
	bool quiet; /* report a failure with -v only: it was reported before */
};

/*
 * Attach a new program in the first mode of the order that the interface accepts. RECORD names the interface
 * of SLOT; its mode and qdisc are set and written here. Returns 0 or -errno, reported.
 */
int hooking_attach(const struct hooking *h, uint32_t slot, struct rollcall_attachment *record);

/*
 * Put a new program where RECORD has one that is live, in the same mode and without a gap. Returns 0 or
 * -errno, reported.
 */
int hooking_replace(const struct hooking *h, uint32_t slot, const struct rollcall_attachment *record);

/* Is the filter of RECORD still where it was attached? */
bool hooking_is_live(const char *dir, const struct table *t, const struct rollcall_attachment *record);

/* Remove the filter of RECORD from its interface. The record stays. Returns 0 or -errno, reported. */
int hooking_remove(const char *dir, const struct table *t, const struct rollcall_attachment *record);

#endif
