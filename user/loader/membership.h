/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Membership of the group on one interface, so that the NIC and snooping switches let the
 * announcements through at all. Held by a socket that is never bound, so it receives nothing,
 * takes no port from anybody and fills no queue.
 */
#ifndef ROLLCALL_MEMBERSHIP_H
#define ROLLCALL_MEMBERSHIP_H

#include <stdbool.h>

#include <rollcall/settings.h>

#include "net/netdev.h"

/*
 * Join the groups of IPV4 and IPV6 into FDS, in this order; an element is negative where that
 * failed, which is reported. Each descriptor holds its membership until it is closed.
 */
void membership_join(int fds[2], const struct netdev *dev, const struct rollcall_settings *s, bool ipv4, bool ipv6);
void membership_leave(int fds[2]);
/*
 * Leave and join, so that switches learn of the membership again. A failure is reported with -v. Linux
 * sends nothing while another socket of this host holds the same group on the same interface.
 */
void membership_renew(int fds[2], const struct netdev *dev, const struct rollcall_settings *s, bool ipv4, bool ipv6);

#endif
