/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Cases (life.h) in which the filter gets messages. */
#ifndef ROLLCALL_TEST_SAYS_H
#define ROLLCALL_TEST_SAYS_H

#include "life.h"
#include "sealed.h"

#define US_PER_S 1000000ULL

/* What a message says, besides the name; address and MAC are those of host HOST (hearing.h). */
struct says {
	struct message_spec message;
	uint32_t host;
	bool ipv6;
};

static inline uint64_t next_sequence(void)
{
	static uint64_t last;
	uint64_t now = realtime_us();

	last = now > last ? now : last + 1;
	return last;
}

static inline void message_frame(struct frame *f, const char *name, struct says says)
{
	struct frame_spec spec;

	frame_defaults(&spec);
	spec.name.count = (uint32_t)strlen(name);
	memcpy(spec.name.bytes, name, spec.name.count);
	frame_set_number(&spec, FRAME_ETH_SRC, 0x020000000000ULL | says.host);
	frame_set_number(&spec, FRAME_FAMILY, says.ipv6 ? 6 : 4);
	frame_set_number(&spec, FRAME_IP_SRC, 0x0a4e0000ULL + says.host);
	frame_set_number(&spec, FRAME_IP6_SRC, (frame_number)0xfe80 << 112 | says.host);
	sealed_prefix(&spec, &says.message);
	frame_build(&spec, f);
}

static inline enum rollcall_outcome hears_frame(const struct frame *f)
{
	enum rollcall_outcome outcome = ROLLCALL_NOT_OURS;
	struct rollcall_counts before, after;

	if (table_counts(&rig.table, 0, &before) || hear(rig.prog_fd, f, 0) || table_counts(&rig.table, 0, &after))
		exit(1);
	for (int i = 0; i < ROLLCALL_OUTCOME_COUNT; i++)
		if (after.outcomes[i] != before.outcomes[i])
			outcome = (enum rollcall_outcome)i;
	return outcome;
}

static inline enum rollcall_outcome hears_says(const char *name, struct says says)
{
	struct frame f;

	message_frame(&f, name, says);
	return hears_frame(&f);
}

/* A sealed announcement of NAME by host 2, with SEQUENCE. */
static inline enum rollcall_outcome hears_sealed(const char *name, uint64_t sequence)
{
	return hears_says(name, (struct says){ { 0, SEALED_KEY_ID, sequence, sealed_key }, 2, false });
}

static inline enum rollcall_outcome hears_goodbye(const char *name, uint64_t sequence)
{
	return hears_says(name, (struct says){ { GOODBYE, SEALED_KEY_ID, sequence, sealed_key }, 2, false });
}

/* The table has the key, and its clock is that of this machine plus AHEAD_NS. */
static inline void prepare(int64_t ahead_ns)
{
	uint32_t id = SEALED_KEY_ID;

	EXPECT(!bpf_map_update_elem(rig.table.keys_fd, &id, sealed_key, BPF_ANY));
	rig.table.state->realtime_offset_ns = realtime_us() * 1000 + (uint64_t)ahead_ns - rollcall_now_ns();
}

#endif
