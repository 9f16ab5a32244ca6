/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reports the state of this process to the service manager, by the protocol of sd_notify(3): one datagram. If
 * NOTIFY_SOCKET is not in the environment, nothing is sent.
 */
#ifndef ROLLCALL_NOTIFY_H
#define ROLLCALL_NOTIFY_H

/* STATE is "READY=1" or "STOPPING=1". A failure is reported, because the manager would wait until its timeout. */
void notify(const char *state);

#endif
