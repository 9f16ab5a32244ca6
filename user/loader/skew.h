/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Hosts whose sealed messages are rejected because of their time. Each host is reported once. If more hosts are off than
 * are recorded, then this host's clock is wrong, and that is reported once instead.
 */
#ifndef ROLLCALL_SKEW_H
#define ROLLCALL_SKEW_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/event.h>

#include "table.h"

#define SKEW_HOSTS 64 /* with more, the one that was received first is forgotten, and may be reported again */

struct skew_host {
	char hostname[sizeof(((struct rollcall_peer_key *)0)->hostname)];
	uint64_t since_ns; /* the last event that was not ignored */
	bool reported;	   /* false: too many messages at that time, or this host's clock was wrong; the next event is reported */
};

struct skew {
	struct skew_host hosts[SKEW_HOSTS];
	int count;
	bool own_is_wrong; /* reported */
};

/* An event ROLLCALL_EVENT_SKEW. */
void skew_take(struct skew *s, const struct table *t, const struct rollcall_event *event);
/* A host was recorded: if its clock becomes wrong again, that is reported again. */
void skew_recorded(struct skew *s, const struct rollcall_event *event);

#endif
