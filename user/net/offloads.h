/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Receive offloads that merge frames. The kernel turns them off when an XDP program is attached, and leaves them off
 * when it is detached (generic_xdp_install() in net/core/dev.c; some drivers do the same).
 */
#ifndef ROLLCALL_OFFLOADS_H
#define ROLLCALL_OFFLOADS_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/attachment.h>

/* Returns the offloads that are on: ROLLCALL_OFFLOAD_*. An offload that does not exist or cannot be read is not on. */
uint8_t offloads_on(uint32_t ifindex);

/*
 * Does the interface forward? Then the kernel does not accept frames that LRO has merged, and turns LRO off when
 * forwarding is turned on (dev_disable_lro() in net/core/dev.c).
 */
bool offloads_forwarding(const char *ifname);

/* Turn on the offloads in WANTED. Returns those that are off afterwards. Requires CAP_NET_ADMIN. */
uint8_t offloads_turn_on(uint32_t ifindex, uint8_t wanted);

/* "lro", "rx-gro-hw", or both: the names that `ethtool -K` accepts. */
const char *offloads_text(uint8_t offloads);

#endif
