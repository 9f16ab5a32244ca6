/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A requirement on the kernel that no system call reports. */
#ifndef ROLLCALL_KERNEL_H
#define ROLLCALL_KERNEL_H

/*
 * Check that BPF programs store 8 bytes in one step. The filter refreshes an entry by one store of 8 bytes while
 * readers read it. Only a 64-bit kernel does that in one step: the JIT compilers and the interpreter of a 32-bit kernel
 * make two stores. Returns 0 or -EINVAL, logged.
 */
int kernel_check_stores(void);

#endif
