/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How commands that run until they are stopped learn that they are. */
#ifndef ROLLCALL_STOPPING_H
#define ROLLCALL_STOPPING_H

#include <stdbool.h>

/*
 * A signalfd of SIGINT, SIGTERM, SIGHUP and the signals in MORE, up to a 0. They are blocked from now on,
 * and a write to a reader that went away is an error, not the end. Returns it, or -errno, said.
 */
int stopping_signals(const int *more);

/* Is standard output a pipe or socket that nobody reads any more? */
bool stopping_reader_is_gone(void);

#endif
