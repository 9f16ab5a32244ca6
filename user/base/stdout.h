/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Makes the standard output of a program that uses printf() a stream of output.h. It requires glibc. */
#ifndef ROLLCALL_STDOUT_H
#define ROLLCALL_STDOUT_H

/* Fill closed standard descriptors, and replace `stdout`. Returns 0 or -errno, logged. */
int stdout_take(void);

/* output_finish() for `stdout`. */
int stdout_finish(int err);

#endif
