/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A filter at an interface together with its record: made, taken over and undone as one.
 * All of it under the lock of the pin directory.
 */
#ifndef ROLLCALL_ATTACHMENT_USER_H
#define ROLLCALL_ATTACHMENT_USER_H

#include "filter.h"
#include "hook.h"
#include "net/netdev.h"
#include "slots.h"

struct attachment {
	uint32_t slot;
	struct rollcall_attachment record;
	bool taken_over; /* the hook, or the entries, were there before: roll-back leaves them */
};

struct attachment_spec {
	const char *dir;
	const struct table *table;
	const struct netdev *dev;
	const struct hook_order *order;
	const char *hostname; /* --hostname, or NULL */
	int events_fd;
	bool consume;
	bool quiet; /* that no mode takes is no news: said with -v alone */
};

/*
 * Attach to an interface, or take over what a dead loader left there. The record names no loader
 * yet. Returns 0, or -errno, said and undone.
 */
int attachment_make(const struct attachment_spec *spec, struct attachment *a);

/* Does the filter still hang where it was hung? */
bool attachment_is_live(const char *dir, const struct attachment *a);

/*
 * The interface is not here any more: take off what is left of the hook, wherever it went, and keep
 * the record, in mode "none", and the entries until they expire. Returns 0 or -errno, said.
 */
int attachment_lose(const char *dir, const struct table *t, struct attachment *a);
/*
 * Attach to what the interface is now, in the same slot, and carry its entries over. Returns 0 or
 * -errno, said; then the record and entries are those of what it is now, in mode "none".
 */
int attachment_renew(const struct attachment_spec *spec, struct attachment *a);
/* Record another name or MAC. Returns 0 or -errno, said. */
int attachment_note(const struct table *t, struct attachment *a, const struct netdev *dev);

/* Enter this process as the loader: the last step. Returns 0 or -errno, said. */
int attachment_claim(const struct table *t, struct attachment *a);
/* Leave everything in place without a loader. */
void attachment_release(const struct table *t, struct attachment *a);

/*
 * Take the hook off, forget the entries heard there, free the slot. Returns 0 or -errno, said;
 * the record stays until the hook is off.
 */
int attachment_remove(const char *dir, const struct table *t, const struct attachment *a);
/* The same, but leave the entries until they expire. */
int attachment_drop(const char *dir, const struct table *t, const struct attachment *a);

#endif
