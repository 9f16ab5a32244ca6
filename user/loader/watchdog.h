/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Notices when an interface that was called on falls silent: everybody may have left, or a switch
 * may have forgotten that this host is a member of the group. It has no timer of its own.
 */
#ifndef ROLLCALL_WATCHDOG_H
#define ROLLCALL_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

struct watchdog {
	uint64_t frames;   /* to the group, however they ended, when last asked */
	uint64_t since_ns; /* when that had changed, or the silence was told; boot time */
};

/*
 * FRAMES: to the group, however they ended, as it is now. Was it called on, and is it silent for an expiry since then or since this was last true?
 */
bool watchdog_barks(struct watchdog *w, uint64_t frames, uint64_t now_ns, uint64_t expiry_ns);

#endif
