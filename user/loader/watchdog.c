// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Silence, by the filter's own counts: rejected frames too show that frames come. */
#include "watchdog.h"

bool watchdog_barks(struct watchdog *w, uint64_t frames, uint64_t now_ns, uint64_t expiry_ns)
{
	if (frames == w->frames && (!frames || now_ns - w->since_ns < expiry_ns))
		return false;
	w->since_ns = now_ns;
	if (frames == w->frames)
		return true;
	w->frames = frames;
	return false;
}
