/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Search the slots of the attachment table (rollcall_slots(), rollcall_records()). */
#ifndef ROLLCALL_LIB_SLOTS_H
#define ROLLCALL_LIB_SLOTS_H

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <rollcall/rollcall.h>

/* Read all slots as they were written; a free slot has ifindex 0. Returns 0 or -errno. */
int rollcall_records(const struct rollcall_table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS]);

/* The slot of an interface, or a free slot if IFINDEX is 0; or -ENOENT. */
static inline int slot_find(const struct rollcall_attachment slots[ROLLCALL_SLOTS], uint32_t ifindex)
{
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex == ifindex)
			return slot;
	return -ENOENT;
}

/* The same by the name in SLOTS. */
static inline int slot_find_name(const struct rollcall_attachment slots[ROLLCALL_SLOTS], const char *ifname)
{
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex && !strcmp(slots[slot].ifname, ifname))
			return slot;
	return -ENOENT;
}

static inline const char *mode_name(uint32_t mode)
{
	static const char *const names[] = {
		[ROLLCALL_MODE_NONE] = "none",	   [ROLLCALL_MODE_NATIVE] = "native",
		[ROLLCALL_MODE_GENERIC] = "generic", [ROLLCALL_MODE_TCX] = "tcx",
		[ROLLCALL_MODE_CLSACT] = "clsact",
	};

	return mode < sizeof(names) / sizeof(names[0]) ? names[mode] : "unknown";
}

#endif
