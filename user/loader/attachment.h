/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An attachment: the filter at one interface together with its record, made and removed as one.
 *
 * The record is written before what it stands for is made, and freed after all of that is gone. What happens to
 * the interface later is the subject of interface.h. Needs the lock of the pin directory.
 */
#ifndef ROLLCALL_ATTACHMENT_USER_H
#define ROLLCALL_ATTACHMENT_USER_H

#include "hooking.h"

struct attachment {
	uint32_t slot;
	struct rollcall_attachment record;
	bool taken_over; /* the hook, or the entries, were there before: a roll-back leaves them */
};

/*
 * Attach to the interface of H, or take over what a dead loader left there. HOSTNAME is that of --hostname, or
 * NULL. The record does not name a loader yet. Returns 0, or -errno, reported and undone.
 */
int attachment_make(const struct hooking *h, const char *hostname, struct attachment *a);

/* Is the filter still where it was attached? */
bool attachment_is_live(const char *dir, const struct table *t, const struct attachment *a);

/*
 * The interface is not here: remove what is left of the hook, also in another network namespace. The record
 * stays in mode "none", and the entries stay until they expire. Returns 0 or -errno, reported.
 */
int attachment_lose(const char *dir, const struct table *t, struct attachment *a);
/*
 * Attach to what the interface is now, in the same slot, and carry its entries over. Returns 0 or
 * -errno, reported; then the record and entries are those of what it is now, in mode "none".
 */
int attachment_renew(const struct hooking *h, struct attachment *a);
/* Put a new program in the place of one that its driver no longer runs. Returns 0 or -errno, reported. */
int attachment_revive(const struct hooking *h, const struct attachment *a);
/* Has the counter of received frames started again since the record was written? Some drivers reset it. */
bool attachment_counter_restarted(const struct attachment *a, const struct netdev *now);
/* Record another name or MAC address, and that the counter has started again. Returns 0 or -errno, reported. */
int attachment_note(const struct table *t, struct attachment *a, const struct netdev *dev);

/* Record this process as the loader: the last step. Returns 0 or -errno, reported. */
int attachment_claim(const struct table *t, struct attachment *a);
/* Leave everything in place without a loader. */
void attachment_release(const struct table *t, struct attachment *a);

/*
 * Remove the hook and the entries of the interface, and free the slot. Returns 0 or -errno, reported;
 * the record stays until the hook is gone.
 */
int attachment_remove(const char *dir, const struct table *t, const struct attachment *a);
/* The same, but leave the entries until they expire. */
int attachment_drop(const char *dir, const struct table *t, const struct attachment *a);

#endif
