// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Announcements over a veth: recorded by the filter, by a socket receiver, or not recorded. They are sent and received
 * on one CPU. They are sent by sendmmsg(2), or as frames that were never an skb (the live-frames mode of
 * BPF_PROG_TEST_RUN, whose program redirects them).
 */
#include <bpf/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>

#include "process.h"
#include "programs.h"
#include "receiver.h"
#include "wire_socket.h"

#define HOSTS	    1024
#define BATCH	    64
#define FRAMES	    (64 * HOSTS)
#define LIVE_FRAMES (512 * HOSTS)
#define QUIET_NS    100e6 /* if nothing is recorded for this time, all frames were received */

struct wire {
	const struct bench *b;
	struct programs p;
	int consuming_fd;	/* the filter with --consume */
	int socket_fd, ifindex; /* the sending socket; the receiving interface */
	struct frame frames[HOSTS];
	struct carousel turn;
	struct receiver receiver;
};

enum listener { NOBODY, OURS, OURS_CONSUMING, RECEIVER };

struct sending {
	struct wire *w;
	enum listener listener;
	bool live;
	bool with_cpu; /* the value includes the CPU time of the receiver's thread */
	double lost;   /* share of the last measurement that was lost, in % */
};

static int send_live(struct wire *w)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = w->frames[0].bytes, .data_size_in = w->frames[0].count,
		    .repeat = LIVE_FRAMES, .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);

	w->p.bare->bss->turn = w->turn;
	if (bpf_prog_test_run_opts(w->p.carousel_fd, &opts))
		return fail(-errno, NULL, "cannot send live frames");
	return 0;
}

static uint64_t recorded_so_far(const struct sending *s)
{
	struct rollcall_counts counts = {};

	if (s->listener == RECEIVER)
		return s->w->receiver.recorded;
	if (s->listener != NOBODY && !table_counts(&s->w->p.rig.table, 0, &counts))
		return counts.outcomes[ROLLCALL_JOINED] + counts.outcomes[ROLLCALL_REFRESHED];
	return 0;
}

/* Wait until all are recorded, or no more. Returns how many, and sets *WHEN to that time. */
static uint64_t let_come(const struct sending *s, uint64_t wanted, double *when)
{
	uint64_t before = recorded_so_far(s), now;

	*when = monotonic_ns();
	while (before < wanted && monotonic_ns() - *when < QUIET_NS) {
		now = recorded_so_far(s);
		if (now != before)
			*when = monotonic_ns();
		before = now;
	}
	return before;
}

/* ns per announcement: the time of the sender, which includes receiving. */
static int send_measure(void *context, double *ns)
{
	struct sending *s = context;
	struct wire *w = s->w;
	int programs[] = { [OURS] = w->p.rig.prog_fd, [OURS_CONSUMING] = w->consuming_fd, [NOBODY] = w->p.pass_fd,
			   [RECEIVER] = w->p.pass_fd };
	uint64_t frames = s->live ? LIVE_FRAMES : FRAMES, before, recorded;
	double begun, sent, last;
	int err = bpf_xdp_attach(w->ifindex, programs[s->listener], XDP_FLAGS_DRV_MODE, NULL);

	if (err)
		return fail(err, NULL, "cannot attach to wire1");
	if (s->listener == RECEIVER)
		err = receiver_start(&w->receiver, "wire1", w->b->other_cpu);
	if (err)
		return err;
	before = recorded_so_far(s);
	begun = monotonic_ns();
	err = s->live ? send_live(w) : wire_socket_send(w->socket_fd, w->frames, HOSTS, FRAMES);
	sent = monotonic_ns();
	recorded = s->listener == NOBODY ? frames : let_come(s, before + frames, &last) - before;
	if (s->listener == NOBODY)
		last = sent;
	if (s->listener == RECEIVER)
		receiver_stop(&w->receiver);
	s->lost = recorded < frames ? (double)(frames - recorded) / (double)frames * 100 : 0;
	*ns = s->live ? (last - begun) / (double)(recorded ? recorded : 1) : (sent - begun) / (double)frames;
	if (s->with_cpu && s->listener == RECEIVER)
		*ns += w->receiver.cpu_ns / (double)frames;
	return err;
}

/* The largest share that was lost, over all rounds. */
struct losing {
	struct sending *of;
};

static int lost_measure(void *context, double *percent)
{
	*percent = ((const struct losing *)context)->of->lost;
	return 0;
}

static double worst(const struct thing *t)
{
	double most = 0;

	for (unsigned int i = 0; i < t->count; i++)
		most = t->values[i] > most ? t->values[i] : most;
	return most;
}

static int by_socket(const struct bench *b, struct wire *w)
{
	struct sending nobody = { .w = w, .listener = NOBODY }, ours = { .w = w, .listener = OURS },
		       receiver = { .w = w, .listener = RECEIVER, .with_cpu = true };
	struct losing our_loss = { &ours }, its_loss = { &receiver };
	struct thing things[] = { thing_by(send_measure, &nobody), thing_by(send_measure, &ours),
				  thing_by(lost_measure, &our_loss), thing_by(send_measure, &receiver),
				  thing_by(lost_measure, &its_loss) };
	struct thing lost, its_lost;
	int err = things_measure(things, 5, b->rounds);

	if (err)
		return err;
	row_write(row_of("announcement sent by sendmmsg and recorded", "the same, without a receiver", "ns"), &things[1],
		  &things[0]);
	things[1].less = things[3].less = &things[0];
	row_write(row_ratio("CPU an announcement, beyond delivery", "a socket receiver's", "ns", 0.1), &things[1], &things[3]);
	lost = thing_of(worst(&things[2]));
	its_lost = thing_of(worst(&things[4]));
	row_write(row_value("lost of announcements by sendmmsg", "%", 0), &lost, NULL);
	row_write(row_of("lost by the socket receiver, by sendmmsg", NULL, "%"), &its_lost, NULL);
	return 0;
}

static int by_live_frames(const struct bench *b, struct wire *w)
{
	struct sending ours = { .w = w, .listener = OURS, .live = true },
		       consuming = { .w = w, .listener = OURS_CONSUMING, .live = true },
		       receiver = { .w = w, .listener = RECEIVER, .live = true };
	struct losing our_loss = { &ours }, consuming_loss = { &consuming }, its_loss = { &receiver };
	struct thing things[] = { thing_by(send_measure, &ours), thing_by(lost_measure, &our_loss),
				  thing_by(send_measure, &receiver), thing_by(lost_measure, &its_loss),
				  thing_by(send_measure, &consuming), thing_by(lost_measure, &consuming_loss) };
	struct thing lost, its_lost;
	int err = things_measure(things, 6, b->rounds);

	if (err)
		return err;
	row_write(row_of("announcement recorded and passed on, live frames", "recorded by a socket receiver", "ns"), &things[0],
		  &things[2]);
	row_write(row_ratio("announcement recorded, live frames, --consume", "recorded by a socket receiver", "ns", 0.25),
		  &things[4], &things[2]);
	lost = thing_of(worst(&things[1]) + worst(&things[5]));
	its_lost = thing_of(worst(&things[3]));
	row_write(row_value("lost of announcements by live frames", "%", 0), &lost, NULL);
	row_write(row_of("lost by the socket receiver, by live frames", NULL, "%"), &its_lost, NULL);
	return 0;
}

static int open_wire(struct wire *w)
{
	const struct filter_spec consuming = { .table = &w->p.rig.table, .events_fd = w->p.rig.events_fd, .consume = true };
	int redirect = bpf_program__fd(w->p.bare->progs.bare_redirect);
	__u32 target = TARGET_REDIRECT;

	carousel_frame(&w->p.rig.table.settings, &w->frames[0], &w->turn);
	w->turn.hosts = HOSTS;
	w->turn.names_per_source = 1;
	w->turn.target = target;
	for (uint16_t host = 0; host < HOSTS; host++) {
		struct frame *f = &w->frames[host];
		uint64_t word = carousel_letters(host);
		char name[] = CAROUSEL_NAME;

		memcpy(name + CAROUSEL_NAME_FIXED, &word, sizeof(word));
		frame_of(f, &w->p.rig.table.settings, name, host, 0);
	}
	w->consuming_fd = filter_load(&consuming);
	if (w->consuming_fd < 0)
		return w->consuming_fd;
	w->ifindex = (int)if_nametoindex("wire1");
	w->socket_fd = wire_socket_open();
	if (w->socket_fd < 0)
		return w->socket_fd;
	if (bpf_map_update_elem(bpf_map__fd(w->p.bare->maps.targets), &target, &redirect, BPF_ANY))
		return fail(-errno, NULL, "cannot enter the program that sends on");
	return 0;
}

int bench_wire(const struct bench *b)
{
	static struct wire w;
	int err;

	if (b->other_cpu < 0) {
		row_not_run(row_of("announcements over a veth", "a socket receiver", "ns"), "there is one CPU");
		return 0;
	}
	w.b = b;
	w.socket_fd = w.consuming_fd = -1;
	err = programs_open(&w.p, XDP, ROLLCALL_MAX_PEERS, ROLLCALL_NAMES_PER_SOURCE);
	if (!err)
		err = open_wire(&w);
	if (!err)
		err = by_socket(b, &w);
	if (!err)
		err = by_live_frames(b, &w);
	if (w.ifindex)
		bpf_xdp_detach(w.ifindex, XDP_FLAGS_DRV_MODE, NULL);
	cleanup_fd(&w.socket_fd);
	cleanup_fd(&w.consuming_fd);
	programs_close(&w.p);
	return err;
}
