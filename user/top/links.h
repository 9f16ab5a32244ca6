/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The state of each attached interface, as `status` prints it. */
#ifndef ROLLCALL_LINKS_H
#define ROLLCALL_LINKS_H

#include "view/health.h"
#include "watch/watcher.h"

struct link_state {
	char name[ROLLCALL_IFNAME_TEXT];
	enum health_state state;
};

struct links {
	struct link_state list[ROLLCALL_SLOTS]; /* what requires attention first */
	int count;
	uint64_t due_ns; /* asked again then */
};

/* Ask if it is due. The kernel is asked for each interface: once a second, or less often if that takes long. */
void links_update(struct links *l, const struct watcher *w, uint64_t now_ns);

#endif
