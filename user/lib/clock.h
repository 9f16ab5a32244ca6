/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The boot clock in time namespaces. */
#ifndef ROLLCALL_LIB_CLOCK_H
#define ROLLCALL_LIB_CLOCK_H

#include <stdint.h>

/* How far CLOCK_BOOTTIME of this process is ahead of the kernel's own, which the filter uses. */
int64_t rollcall_boot_offset_ns(void);

/* The kernel's clock, computed with an offset that was read before. */
uint64_t rollcall_boot_ns(int64_t offset_ns);

#endif
