// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A flood of announcements through an interface in mode tcx: the cost that the filter adds to the same frames without a
 * filter. They are sent and received on one CPU, so the time is CPU time, with that of the sender.
 */
#include <net/if.h>

#include "carousel.h"
#include "loader/hook.h"
#include "loader/pins.h"
#include "programs.h"
#include "wire_socket.h"

#define HOSTS  1024
#define FRAMES (64 * HOSTS)

struct floods {
	struct programs p;
	int socket_fd;
	struct frame known[HOSTS], one_source[HOSTS], random[HOSTS];
};

struct flood {
	struct floods *f;
	struct frame *frames;
	bool attached;
	bool full; /* the table is full for newcomers */
};

static int send_measure(void *context, double *ns)
{
	const struct flood *flood = context;
	const struct programs *p = &flood->f->p;
	struct hook hook = { .ifindex = if_nametoindex("wire1"), .mode = ROLLCALL_MODE_TCX };
	struct rollcall_state *state = p->rig.table.state;
	uint64_t left = state->left;
	double begun;
	char pin[PATH_MAX];
	int err = 0;

	pins_link_path(p->rig.dir, hook.ifindex, pin);
	if (flood->attached)
		err = hook_attach(&hook, pin, p->rig.prog_fd);
	if (err)
		return fail(err, NULL, "cannot attach to wire1");
	state->scanned_ns = rollcall_now_ns();
	if (flood->full)
		state->left = state->reserved - state->given_back - p->rig.table.settings.max_peers;
	alone_begin();
	begun = monotonic_ns();
	err = wire_socket_send(flood->f->socket_fd, flood->frames, HOSTS, FRAMES);
	*ns = (monotonic_ns() - begun) / FRAMES;
	alone_end();
	state->left = left;
	if (flood->attached)
		hook_detach(&hook, pin);
	return err;
}

/* Make the frames of the three floods, with different names of the same length. */
static void make_frames(struct floods *f)
{
	const struct rollcall_settings *s = &f->p.rig.table.settings;

	for (uint16_t host = 0; host < HOSTS; host++) {
		char name[24];

		snprintf(name, sizeof(name), "known-%06u", host);
		frame_of(&f->known[host], s, name, host, 0);
		snprintf(name, sizeof(name), "made--%06u", host);
		frame_of(&f->one_source[host], s, name, 2 * HOSTS, 0);
		snprintf(name, sizeof(name), "other-%06u", host);
		frame_of(&f->random[host], s, name, 3 * HOSTS + host, 0);
	}
}

/* Check that nearly all frames of the flood had OUTCOME. */
static int check(const struct floods *f, enum rollcall_outcome outcome, unsigned int rounds)
{
	struct rollcall_counts counts;
	uint64_t wanted = (uint64_t)FRAMES * rounds / 10 * 9;
	int err = table_counts(&f->p.rig.table, 0, &counts);

	if (!err && counts.outcomes[outcome] < wanted)
		err = fail(0, NULL, "only %llu frames of a flood ended as intended", (unsigned long long)counts.outcomes[outcome]);
	return err;
}

static int measure(const struct bench *b, struct floods *f)
{
	struct flood floods[] = { { f, f->known, false, false }, { f, f->known, true, false },
				  { f, f->one_source, true, false }, { f, f->random, true, true } };
	struct thing things[4];
	int err;

	for (int i = 0; i < 4; i++)
		things[i] = thing_by(send_measure, &floods[i]);
	err = things_measure(things, 4, b->rounds);
	if (!err)
		err = check(f, ROLLCALL_REFRESHED, b->rounds);
	if (!err)
		err = check(f, ROLLCALL_THROTTLED, b->rounds);
	if (!err)
		err = check(f, ROLLCALL_FULL, b->rounds);
	if (err)
		return err;
	row_write(row_of("flood of known hosts, tcx", "the same without a filter", "ns"), &things[1], &things[0]);
	row_write(row_of("flood of made-up names from one source, tcx", "the same without a filter", "ns"), &things[2], &things[0]);
	row_write(row_of("flood of made-up names from random sources, tcx", "the same without a filter", "ns"), &things[3], &things[0]);
	return 0;
}

int bench_floods(const struct bench *b)
{
	static struct floods f = { .socket_fd = -1 };
	int err = programs_open(&f.p, TC, ROLLCALL_MAX_PEERS, ROLLCALL_NAMES_PER_SOURCE);

	if (!err) {
		f.socket_fd = wire_socket_open();
		err = f.socket_fd < 0 ? f.socket_fd : 0;
	}
	if (!err) {
		make_frames(&f);
		err = measure(b, &f);
	}
	cleanup_fd(&f.socket_fd);
	programs_close(&f.p);
	return err;
}
