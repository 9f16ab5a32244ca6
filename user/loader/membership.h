/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Membership of the group on one interface, so that the NIC and snooping switches let the
 * announcements through at all. Held by a socket that is never bound, so it receives nothing,
 * takes no port from anybody and fills no queue.
 */
#ifndef ROLLCALL_MEMBERSHIP_H
#define ROLLCALL_MEMBERSHIP_H

#include "net/netdev.h"
#include "commands/options.h"

/*
 * Join the groups of those families that O allows, into FDS: IPv4, IPv6; -1 or less where that
 * failed, which is said. Each holds its membership until it is closed.
 */
void membership_join(int fds[2], const struct netdev *dev, const struct rollcall_settings *s, const struct options *o);
void membership_leave(int fds[2]);
/*
 * Leave and join, so that switches are told anew. What fails is told with -v. Linux tells them
 * nothing while another socket of this host holds the same group on the same interface.
 */
void membership_renew(int fds[2], const struct netdev *dev, const struct rollcall_settings *s, const struct options *o);

#endif
