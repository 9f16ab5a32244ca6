/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Telling the service manager how far we are: sd_notify(3)'s protocol, which is one datagram. Where nobody
 * asked for it (NOTIFY_SOCKET in the environment), nothing is sent.
 */
#ifndef ROLLCALL_NOTIFY_H
#define ROLLCALL_NOTIFY_H

/* STATE: "READY=1", "STOPPING=1". What cannot be sent is warned of: the manager would wait in vain. */
void notify(const char *state);

#endif
