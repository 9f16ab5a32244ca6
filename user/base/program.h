/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What main() of a program with one command does. */
#ifndef ROLLCALL_PROGRAM_H
#define ROLLCALL_PROGRAM_H

#include <stdio.h>

/*
 * Save the signals, open standard output, and call RUN with it. RUN returns 0, or -errno or USAGE_ERROR, reported.
 * Messages begin with NAME, which is not copied. Returns the exit status.
 */
int program_run(const char *name, int (*run)(void *context, FILE *out), void *context);

#endif
