// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Loads the measured programs, and runs them. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>

#include "loader/own_names.h"
#include "programs.h"

double monotonic_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int run_on_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? fail(-errno, NULL, "cannot run on CPU %d", cpu) : 0;
}

/* Without the privilege for it, the figures have more noise. */
void alone_begin(void)
{
	(void)sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 });
}

void alone_end(void)
{
	(void)sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){});
}

static int open_bare(struct programs *p)
{
	const struct bpf_program *xdp[] = { p->bare->progs.bare_pass, p->bare->progs.bare_refresh, p->bare->progs.carousel,
					    p->bare->progs.bare_refresh_turned, p->bare->progs.bare_join_turned };
	const struct bpf_program *tc[] = { p->bare->progs.bare_pass_tc, p->bare->progs.bare_refresh_tc,
					   p->bare->progs.carousel_tc, p->bare->progs.bare_refresh_turned_tc,
					   p->bare->progs.bare_join_turned_tc };
	const struct bpf_program *const *programs = p->kind == TC ? tc : xdp;
	int targets_fd = bpf_map__fd(p->kind == TC ? p->bare->maps.targets_tc : p->bare->maps.targets);
	const int targets[] = {
		[TARGET_PASS] = bpf_program__fd(programs[0]),
		[TARGET_OURS] = p->rig.prog_fd,
		[TARGET_REFRESH] = bpf_program__fd(programs[3]),
		[TARGET_JOIN] = bpf_program__fd(programs[4]),
	};
	struct rollcall_peer_key constant = rig_key("node-constan");
	struct rollcall_peer peer = {};

	for (__u32 i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (bpf_map_update_elem(targets_fd, &i, &targets[i], BPF_ANY))
			return fail(-errno, NULL, "cannot enter target %u of the carousel", i);
	p->pass_fd = targets[TARGET_PASS];
	p->refresh_fd = bpf_program__fd(programs[1]);
	p->carousel_fd = bpf_program__fd(programs[2]);
	p->rewind_fd = bpf_program__fd(p->kind == TC ? p->bare->progs.rewind_tc : p->bare->progs.rewind);
	p->sources_fd = bpf_program__fd(p->kind == TC ? p->bare->progs.sources_tc : p->bare->progs.sources);
	if (bpf_map_update_elem(bpf_map__fd(p->bare->maps.bare_peers), &constant, &peer, BPF_ANY))
		return fail(-errno, NULL, "cannot enter the constant key");
	return 0;
}

/* Load the tc program; the rig has the XDP program. */
static int load_tc(struct rig *rig)
{
	const struct filter_spec spec = { .table = &rig->table, .events_fd = rig->events_fd, .tc = true };

	cleanup_fd(&rig->prog_fd);
	rig->prog_fd = filter_load(&spec);
	return rig->prog_fd < 0 ? rig->prog_fd : 0;
}

int programs_open(struct programs *p, enum kind kind, uint32_t max_peers, uint32_t names_per_source)
{
	struct rollcall_settings settings = ROLLCALL_DEFAULT_SETTINGS;

	settings.max_peers = max_peers;
	settings.names_per_source = names_per_source;
	return programs_open_with(p, kind, &settings);
}

int programs_open_with(struct programs *p, enum kind kind, const struct rollcall_settings *settings)
{
	uint32_t max_peers = settings->max_peers;
	int err;

	p->bare = NULL;
	p->kind = kind;
	err = rig_open(&p->rig, settings);
	if (!err && kind == TC)
		err = load_tc(&p->rig);
	if (!err)
		err = own_names_update(&p->rig.table); /* as a loader does before the first frame */
	if (err)
		return err;
	p->bare = bare_bpf__open();
	if (!p->bare)
		return fail(-errno, NULL, "cannot open the bare programs");
	bpf_map__set_max_entries(p->bare->maps.bare_peers,
				 max_peers + ROLLCALL_LRU_HEADROOM_PER_CPU * (uint32_t)libbpf_num_possible_cpus());
	p->bare->rodata->redirect_to = if_nametoindex("wire0");
	err = bpf_map__reuse_fd(p->bare->maps.peers, p->rig.table.peers_fd);
	if (!err)
		err = bare_bpf__load(p->bare);
	return err ? fail(err, NULL, "cannot load the bare programs") : open_bare(p);
}

void programs_close(struct programs *p)
{
	bare_bpf__destroy(p->bare);
	rig_close(&p->rig);
}

int run_prepare(const struct programs *p, const int *prog_fds, size_t count)
{
	for (size_t i = 0; p->kind == XDP && i < count; i++) {
		char ifname[32];
		int err;

		snprintf(ifname, sizeof(ifname), "bench%zu", i);
		err = bpf_xdp_attach((int)if_nametoindex(ifname), prog_fds[i], XDP_FLAGS_SKB_MODE, NULL);
		if (err)
			return fail(err, NULL, "cannot give a program to '%s'", ifname);
	}
	return 0;
}

int run_here(const struct run *run, double *ns)
{
	uint32_t passed = run->kind == TC ? (uint32_t)TC_ACT_UNSPEC : XDP_PASS;
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = run->frame->bytes, .data_size_in = run->frame->count,
		    .repeat = (int)run->repeat);
	double begun;
	int err;

	if (run->carousel)
		*run->carousel = run->turn;
	begun = monotonic_ns();
	err = bpf_prog_test_run_opts(run->prog_fd, &opts);
	*ns = (monotonic_ns() - begun) / run->repeat;
	if (err)
		return fail(-errno, NULL, "cannot run a program");
	return opts.retval == passed ? 0 : fail(0, NULL, "a program returned %u", opts.retval);
}

int run_measure(void *context, double *ns)
{
	int err;

	alone_begin();
	err = run_here(context, ns);
	alone_end();
	return err;
}

void carousel_frame(const struct rollcall_settings *s, struct frame *frame, struct carousel *turn)
{
	struct carousel_frame *f;
	uint16_t fold;

	frame_of(frame, s, CAROUSEL_NAME, 0, 0);
	f = (struct carousel_frame *)frame->bytes;
	/* the variable parts of the frame are zero now, so these are the sums of the constant parts */
	turn->ip_sum = (uint16_t)~f->ip.check;
	turn->udp_sum = (uint16_t)~f->udp.check;
	fold = (uint16_t)~frame_fold((uint64_t)(f->ip.saddr & 0xffff) + (f->ip.saddr >> 16));
	turn->ip_sum += fold;
	turn->udp_sum += fold;
	for (int i = CAROUSEL_NAME_FIXED; i < 12; i += 2) {
		uint16_t letters;

		memcpy(&letters, f->name + i, sizeof(letters));
		turn->udp_sum += (uint16_t)~letters;
	}
}

struct run carousel_run(const struct programs *p, const struct frame *frame, const struct carousel *turn,
			enum target target)
{
	struct run run = {
		.kind = p->kind,
		.prog_fd = p->carousel_fd,
		.frame = frame,
		.repeat = (uint32_t)turn->hosts,
		.carousel = &p->bare->bss->turn,
		.turn = *turn,
	};

	run.turn.target = target;
	return run;
}

int map_clear(int map_fd)
{
	enum { BATCH = 4096 };
	struct rollcall_peer_key *keys = calloc(BATCH, sizeof(*keys)); /* the largest key and value of all maps */
	struct rollcall_peer *values = calloc(BATCH, sizeof(*values));
	__u32 position, count;
	int err = keys && values ? 0 : -ENOMEM;
	bool begun = false;

	while (!err) {
		count = BATCH;
		err = bpf_map_lookup_and_delete_batch(map_fd, begun ? &position : NULL, &position, keys, values,
						      &count, NULL) ?
			      -errno :
			      0;
		begun = true;
	}
	free(keys);
	free(values);
	return err == -ENOENT ? 0 : fail(err, NULL, "cannot clear a map");
}

int programs_clear(const struct programs *p)
{
	struct rollcall_state *state = p->rig.table.state;
	int err = map_clear(p->rig.table.peers_fd);

	if (!err)
		err = map_clear(bpf_map__fd(p->bare->maps.bare_peers));
	state->left = state->reserved - state->given_back;
	state->scanned_ns = rollcall_now_ns();
	return err;
}
