/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Notices that an interface or an address has changed, through rtnetlink. What has changed is for
 * the caller to look up: one notice may stand for many changes, or for one that is over.
 */
#ifndef ROLLCALL_NETWATCH_H
#define ROLLCALL_NETWATCH_H

/* Returns a descriptor that is readable after a change, or -1, told with -v: changes go unnoticed. */
int netwatch_open(void);
/* Take all notices off, so that poll() no longer reports them. */
void netwatch_drain(int fd);

#endif
