/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Announcing as a program, until it is stopped by a signal. */
#ifndef ROLLCALL_ANNOUNCE_SERVICE_H
#define ROLLCALL_ANNOUNCE_SERVICE_H

#include "announcer.h"
#include "links.h"

struct announce_request {
	struct announcer_config config; /* without keys */
	const char *key_path;		/* NULL: announcements are plain */
	char *const *names; /* of interfaces, not owned */
	int name_count;	    /* 0: every suitable interface */
	struct links_config links;
	uint32_t count; /* announcements; 0: no limit */
};

/*
 * Announce until SIGINT or SIGTERM, and then send a goodbye, or until the last of COUNT announcements. When an interface is recreated or renamed,
 * announcing goes on there. Returns 0 or -errno, reported; -EIO: the last announcement was sent on no interface.
 */
int announce_run(const struct announce_request *request);

#endif
