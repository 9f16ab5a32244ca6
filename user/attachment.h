/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A filter at an interface together with its record: made, taken over and undone as one.
 * All of it under the lock of the pin directory.
 */
#ifndef ROLLCALL_ATTACHMENT_USER_H
#define ROLLCALL_ATTACHMENT_USER_H

#include "filter.h"
#include "hook.h"
#include "netdev.h"
#include "slots.h"

struct attachment {
	uint32_t slot;
	struct rollcall_attachment record;
	bool taken_over; /* the hook was there before: roll-back leaves it */
};

struct attachment_spec {
	const char *dir;
	const struct table *table;
	const struct netdev *dev;
	const struct hook_order *order;
	const char *hostname; /* --hostname, or NULL */
	int events_fd;
	bool consume;
};

/*
 * Attach to an interface, or take over what a dead loader left there. The record names no loader
 * yet. Returns 0, or -errno, said and undone.
 */
int attachment_make(const struct attachment_spec *spec, struct attachment *a);

/* Enter this process as the loader: the last step. Returns 0 or -errno, said. */
int attachment_claim(const struct table *t, struct attachment *a);
/* Leave everything in place without a loader. */
void attachment_release(const struct table *t, struct attachment *a);

/*
 * Take the hook off, forget the entries heard there, free the slot. Returns 0 or -errno, said;
 * the record stays until the hook is off.
 */
int attachment_remove(const char *dir, const struct table *t, const struct attachment *a);

#endif
