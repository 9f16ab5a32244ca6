/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel must be able to do, besides what it says when it is asked. */
#ifndef ROLLCALL_KERNEL_H
#define ROLLCALL_KERNEL_H

/*
 * The filter refreshes an entry by one store of 8 bytes while readers read it. Only a 64-bit kernel does that in one
 * step: the JIT compilers and the interpreter of a 32-bit one make two stores. Returns 0 or -EINVAL, logged.
 */
int kernel_check_stores(void);

#endif
