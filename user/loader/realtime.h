/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * CLOCK_REALTIME for the filter, which can read only CLOCK_BOOTTIME: the loaders write the difference of the two into
 * the state of the table. A sealed message has the time of its sender, and the filter compares it with this host's.
 */
#ifndef ROLLCALL_REALTIME_H
#define ROLLCALL_REALTIME_H

#include "table.h"

/* Write the difference as it is now. */
void realtime_publish(const struct table *t);

/*
 * Returns a descriptor that is readable when CLOCK_REALTIME was set: call realtime_ack() and realtime_publish(). -1: the
 * kernel does not provide it, reported with -v; then a step is noticed at the next sweep.
 */
int realtime_watch(void);
void realtime_ack(int fd);

#endif
