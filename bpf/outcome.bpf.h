/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Count the outcomes. Each frame of ours is counted once, at the only exit, in the slot of its interface.
 *
 * Each CPU has its own counts, and no program interrupts another one on the same CPU. So a plain
 * increment loses nothing, and costs two nanoseconds.
 */
#ifndef ROLLCALL_OUTCOME_BPF_H
#define ROLLCALL_OUTCOME_BPF_H

#include "maps.bpf.h"

/* The slot of the interface that this filter is loaded for (attachment.h). */
const volatile __u32 slot = 0;

/* Was it an announcement that reached the table? */
static __always_inline bool outcome_is_of_table(enum rollcall_outcome outcome)
{
	return outcome >= ROLLCALL_JOINED && outcome <= ROLLCALL_GOODBYE_IGNORED;
}

/* HEARD_NS: the time of the frame if it was an announcement. A rejected one, as a replay, is no sign of a host. */
static __always_inline void outcome_count(enum rollcall_outcome outcome, __u64 heard_ns)
{
	struct rollcall_counts *counts = bpf_map_lookup_elem(&outcomes, (const void *)&slot);

	if (counts && outcome < ROLLCALL_OUTCOME_COUNT)
		counts->outcomes[outcome]++;
	if (counts && outcome_is_of_table(outcome))
		counts->last_ns = heard_ns;
}

static __always_inline void outcome_event_lost(void)
{
	struct rollcall_counts *counts = bpf_map_lookup_elem(&outcomes, (const void *)&slot);

	if (counts)
		counts->events_lost++;
}

/* Was the announcement accepted (recorded, or a name of this host), so that --consume drops it before the stack? */
static __always_inline bool outcome_is_registration(enum rollcall_outcome outcome)
{
	return outcome >= ROLLCALL_JOINED && outcome <= ROLLCALL_OWN;
}

#endif
