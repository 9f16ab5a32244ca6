/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Standard output of a program that uses printf(), as a stream of output.h. It needs glibc. */
#ifndef ROLLCALL_STDOUT_H
#define ROLLCALL_STDOUT_H

/* Fill closed standard descriptors, and make `stdout` such a stream. Returns 0 or -errno, logged. */
int stdout_take(void);

/* output_finish() for it. */
int stdout_finish(int err);

#endif
