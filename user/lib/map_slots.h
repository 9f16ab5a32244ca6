/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The records of map `interfaces` (attachment.h) as memory, shared with the kernel: no system call a look. */
#ifndef ROLLCALL_MAP_SLOTS_H
#define ROLLCALL_MAP_SLOTS_H

#include <stddef.h>
#include <sys/mman.h>

#include <rollcall/attachment.h>

#define MAP_SLOTS_BYTES (ROLLCALL_SLOTS * sizeof(struct rollcall_attachment))

/* Of a descriptor for writing too. Returns ROLLCALL_SLOTS records, or NULL: they can be read by bpf(2) all the same. */
static inline const struct rollcall_attachment *map_slots(int interfaces_fd)
{
	void *memory = mmap(NULL, MAP_SLOTS_BYTES, PROT_READ, MAP_SHARED, interfaces_fd, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static inline void unmap_slots(const struct rollcall_attachment *slots)
{
	if (slots)
		munmap((void *)slots, MAP_SLOTS_BYTES);
}

#endif
