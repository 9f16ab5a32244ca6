// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The cost of the filter with warm caches: frames that are not announcements, and refreshes. */
#include "programs.h"

#define REPEAT 200000

static const struct {
	const char *figure;
	const char *fields[4];
} others[] = {
	{ "frame not ours: TCP", { "ip.proto=6", "ip.dst=10.77.0.1" } },
	{ "frame not ours: other UDP", { "ip.dst=10.77.0.1", "udp.dst=53" } },
	{ "frame not ours: UDP to the group on another port", { "udp.dst=49002" } },
	{ "frame not ours: ARP", { "eth.type=0x806" } },
	{ "frame not ours: TCP over IPv6", { "family=6", "ip6.next=6", "ip6.dst=fe80::1" } },
};

#define OTHERS (sizeof(others) / sizeof(others[0]))

static int frame_of_fields(struct frame *frame, const char *const *fields, size_t count)
{
	struct frame_spec spec;
	int err = 0;

	frame_defaults(&spec);
	for (size_t i = 0; !err && i < count && fields[i]; i++)
		err = frame_set(&spec, fields[i]);
	frame_build(&spec, frame);
	return err ? fail(err, NULL, "no such frame") : 0;
}

static const char *nothing_of(const struct programs *p)
{
	return p->kind == TC ? "return TC_ACT_UNSPEC" : "return XDP_PASS";
}

static int not_ours(const struct bench *b, const struct programs *p)
{
	static struct frame frames[OTHERS];
	struct run runs[2 * OTHERS];
	struct thing things[2 * OTHERS] = {};
	int err = 0;

	for (size_t i = 0; !err && i < OTHERS; i++) {
		err = frame_of_fields(&frames[i], others[i].fields, 4);
		runs[2 * i] = run_of(p, p->rig.prog_fd, &frames[i], REPEAT);
		runs[2 * i + 1] = run_of(p, p->pass_fd, &frames[i], REPEAT);
	}
	for (size_t i = 0; i < 2 * OTHERS; i++)
		things[i] = thing_by(run_measure, &runs[i]);
	if (!err)
		err = things_measure(things, 2 * OTHERS, b->rounds);
	for (size_t i = 0; !err && i < OTHERS; i++)
		row_write(row_by(p, others[i].figure, nothing_of(p), "ns", 1.10),
		  &things[2 * i],
			  &things[2 * i + 1]);
	return err;
}

static int refreshes(const struct bench *b, const struct programs *p)
{
	static const char long_name[] = "a-name-of-sixty-three-bytes-which-is-the-most-that-dns-lets-be1";
	static struct frame frames[2];
	int err;
	struct run runs[] = {
		run_of(p, p->rig.prog_fd, &frames[0], REPEAT),
		run_of(p, p->rig.prog_fd, &frames[1], REPEAT),
		run_of(p, p->refresh_fd, &frames[0], REPEAT),
		run_of(p, p->pass_fd, &frames[0], REPEAT),
	};
	struct thing things[4] = {};

	_Static_assert(sizeof(long_name) - 1 == 63, "as it says");
	frame_of(&frames[0], &p->rig.table.settings, "node-twelve1", 1, 0);
	frame_of(&frames[1], &p->rig.table.settings, long_name, 2, 0);
	for (int i = 0; i < 4; i++)
		things[i] = thing_by(run_measure, &runs[i]);
	err = things_measure(things, 4, b->rounds);
	if (err)
		return err;
	row_write(row_by(p, "refresh, name of 12 bytes", "clock, look-up, store", "ns", 1.25),
		  &things[0], &things[2]);
	row_write(row_by(p, "refresh, name of 63 bytes", "clock, look-up, store", "ns", 1.5),
		  &things[1], &things[2]);
	row_write(row_by(p, "refresh, name of 12 bytes", nothing_of(p), "ns", 6),
		  &things[0], &things[3]);
	row_write(row_by(p, "refresh, name of 63 bytes", nothing_of(p), "ns", 7),
		  &things[1], &things[3]);
	return 0;
}

static int filter_of(const struct bench *b, enum kind kind)
{
	struct programs p;
	int err = programs_open(&p, kind, ROLLCALL_MAX_PEERS, ROLLCALL_NAMES_PER_SOURCE);

	if (!err) {
		int fds[] = { p.rig.prog_fd, p.pass_fd, p.refresh_fd };

		err = run_prepare(&p, fds, 3);
		if (!err)
			err = not_ours(b, &p);
		if (!err)
			err = refreshes(b, &p);
	}
	programs_close(&p);
	return err;
}

int bench_filter(const struct bench *b)
{
	int err = filter_of(b, XDP);

	return err ? err : filter_of(b, TC);
}
