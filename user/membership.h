/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Membership of the group on one interface, so that the NIC and snooping switches let the
 * announcements through at all. Held by a socket that is never bound, so it receives nothing,
 * takes no port from anybody and fills no queue.
 */
#ifndef ROLLCALL_MEMBERSHIP_H
#define ROLLCALL_MEMBERSHIP_H

#include <stdint.h>

/*
 * Join GROUP (network order). Returns a descriptor that holds the membership until it is closed,
 * or -errno, not said. A socket for each interface: one alone is allowed 20 groups
 * (net.ipv4.igmp_max_memberships).
 */
int membership_join4(uint32_t ifindex, const uint8_t group[4]);
int membership_join6(uint32_t ifindex, const uint8_t group[16]);

#endif
