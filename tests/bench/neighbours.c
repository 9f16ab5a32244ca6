// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The cost of the filter for other traffic: the same traffic through an interface with nothing attached and with each
 * mode, in turns. "Nothing attached" is measured twice per round; the difference of the two is the noise of the
 * machine.
 */
#include <net/if.h>

#include "loader/hook.h"
#include "loader/pins.h"
#include "programs.h"
#include "traffic.h"

/* At least 0.97 of the throughput or rate: at most 1 / 0.97 of the time. */
#define GOAL 1.03

static const struct {
	const char *name;
	enum rollcall_mode mode;
} ways[] = {
	{ NULL, ROLLCALL_MODE_NONE }, /* the others are compared with this */
	{ "nothing attached, again", ROLLCALL_MODE_NONE },
	{ "tcx", ROLLCALL_MODE_TCX },
	{ "clsact", ROLLCALL_MODE_CLSACT },
	{ "generic XDP", ROLLCALL_MODE_GENERIC },
	{ "native XDP", ROLLCALL_MODE_NATIVE },
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static const struct {
	const char *figure, *unit;
	size_t at; /* offset in struct traffic_figures */
	bool goal; /* there is a goal for tcx, the default, and clsact, the default of older kernels */
} figures[] = {
	{ "TCP bulk", "ns/kB", offsetof(struct traffic_figures, bulk), true },
	{ "TCP bulk, CPU", "ns/kB", offsetof(struct traffic_figures, cpu), true },
	{ "TCP request", "ns", offsetof(struct traffic_figures, request), true },
	{ "TCP request, p99", "ns", offsetof(struct traffic_figures, request_p99), false },
	{ "UDP packet of 64 bytes", "ns", offsetof(struct traffic_figures, packet), true },
};

#define FIGURES (sizeof(figures) / sizeof(figures[0]))

struct neighbours {
	struct traffic traffic;
	struct rig rig;
	int tc_fd; /* the tc program of the filter; the rig has the XDP program */
	struct traffic_figures found[WAYS];
};

/* There is a thing per way and figure. The thing of the first figure measures all figures of its way. */
struct turn {
	struct neighbours *n;
	size_t way, figure;
};

static int measure_way(struct neighbours *n, size_t way)
{
	struct hook hook = { .ifindex = if_nametoindex(TRAFFIC_NEAR), .mode = ways[way].mode, .handle = 1 };
	char pin[PATH_MAX];
	int err = 0;

	pins_link_path(n->rig.dir, hook.ifindex, pin);
	if (hook.mode) {
		hook_prepare(&hook);
		err = hook_attach(&hook, pin, hook_is_tc(hook.mode) ? n->tc_fd : n->rig.prog_fd);
		if (err)
			return fail(err, NULL, "cannot attach to '%s' (%s)", TRAFFIC_NEAR, ways[way].name);
	}
	err = traffic_measure(&n->traffic, &n->found[way]);
	if (hook.mode)
		hook_detach(&hook, pin);
	return err;
}

static int turn_measure(void *context, double *value)
{
	const struct turn *turn = context;
	int err = turn->figure ? 0 : measure_way(turn->n, turn->way);

	memcpy(value, (const char *)&turn->n->found[turn->way] + figures[turn->figure].at, sizeof(*value));
	return err;
}

static void write_rows(const struct bench *b, const struct thing things[WAYS][FIGURES])
{
	for (size_t figure = 0; figure < FIGURES; figure++) {
		for (size_t way = 1; way < WAYS; way++) {
			struct row row = row_of(figures[figure].figure, "nothing attached", figures[figure].unit);

			row.with = ways[way].name;
			row.curve = "neighbours";
			if (figures[figure].goal && hook_is_tc(ways[way].mode)) {
				row.goal = RATIO_AT_MOST;
				row.at_most = GOAL;
				row.by_median = true;
			}
			if (b->other_cpu < 0 && !figure)
				row_not_run(row, "there is one CPU");
			else
				row_write(row, &things[way][figure], &things[0][figure]);
		}
	}
}

static int measure(const struct bench *b, struct neighbours *n)
{
	static struct thing things[WAYS][FIGURES];
	static struct turn turns[WAYS][FIGURES];
	int err;

	for (size_t way = 0; way < WAYS; way++) {
		for (size_t figure = 0; figure < FIGURES; figure++) {
			turns[way][figure] = (struct turn){ n, way, figure };
			things[way][figure] = thing_by(turn_measure, &turns[way][figure]);
		}
	}
	/* many short measurements, because the speed of the machine changes */
	err = things_measure(things[0], WAYS * FIGURES, b->brief ? b->rounds : ROUNDS_MAX);
	if (!err)
		write_rows(b, things);
	return err;
}

int bench_neighbours(const struct bench *b)
{
	static struct neighbours n = { .traffic = { .bulk_bytes = 32 << 20, .requests = 3000, .packets = 8192 }, .tc_fd = -1 };
	const struct rollcall_settings settings = ROLLCALL_DEFAULT_SETTINGS;
	int err;

	if (b->brief) {
		n.traffic.bulk_bytes /= 2;
		n.traffic.requests /= 2;
		n.traffic.packets /= 2;
	}
	err = traffic_open(&n.traffic, b->cpu, b->other_cpu);
	if (!err)
		err = rig_open(&n.rig, &settings);
	if (!err) {
		struct filter_spec spec = { .table = &n.rig.table, .events_fd = n.rig.events_fd, .tc = true };

		n.tc_fd = filter_load(&spec);
		err = n.tc_fd < 0 ? n.tc_fd : measure(b, &n);
	}
	cleanup_fd(&n.tc_fd);
	rig_close(&n.rig);
	traffic_close(&n.traffic);
	return err;
}
