/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The measured programs: the filter of the build with a separate table (rig.h), the bare programs, and runs of both
 * over a frame, on one CPU and without interruption.
 */
#ifndef ROLLCALL_BENCH_PROGRAMS_H
#define ROLLCALL_BENCH_PROGRAMS_H

#include "bench.h"
#include "carousel.h" /* before the skeleton, whose variables are of its types */
#include "base/message.h"
#include "rig.h"

#include "bare.skel.h"

/* Indexes of `targets`. */
enum target { TARGET_PASS, TARGET_OURS, TARGET_REFRESH, TARGET_JOIN, TARGET_REDIRECT };

enum kind { XDP, TC };

struct programs {
	enum kind kind;
	struct rig rig; /* its program is the one of that kind */
	struct bare_bpf *bare;
	int pass_fd, refresh_fd, carousel_fd, rewind_fd, sources_fd; /* the bare programs of that kind */
};

/*
 * MAX_PEERS is for both tables. Settings other than MAX_PEERS and NAMES_PER_SOURCE are the defaults. Returns 0 or
 * -errno, reported. Close it in either case.
 */
int programs_open(struct programs *p, enum kind kind, uint32_t max_peers, uint32_t names_per_source);
int programs_open_with(struct programs *p, enum kind kind, const struct rollcall_settings *settings);
void programs_close(struct programs *p);

/* REPEAT runs of a program over FRAME. The value is the time of one run in ns. */
struct run {
	enum kind kind;
	int prog_fd;
	const struct frame *frame;
	uint32_t repeat;
	/* with the carousel: its variable in the BPF program, and the target and the hosts */
	struct carousel *carousel, turn;
};

static inline struct run run_of(const struct programs *p, int prog_fd, const struct frame *frame, uint32_t repeat)
{
	return (struct run){ .kind = p->kind, .prog_fd = prog_fd, .frame = frame, .repeat = repeat };
}

/* A row for programs of the kind of P. */
static inline struct row row_by(const struct programs *p, const char *figure, const char *versus, const char *unit, double at_most)
{
	struct row row = row_ratio(figure, versus, unit, at_most);

	row.with = p->kind == TC ? "tc" : NULL;
	return row;
}

int run_measure(void *run, double *ns);
/* The same, without alone_begin() and alone_end(). */
int run_here(const struct run *run, double *ns);

/*
 * Attach XDP programs to an interface each. Otherwise the kernel recreates its dispatcher at each BPF_PROG_TEST_RUN,
 * which takes longer than the runs. tc programs have no dispatcher. Returns 0 or -errno, reported.
 */
int run_prepare(const struct programs *p, const int *prog_fds, size_t count);

/* Make the frame that the carousel changes, and set the sums of TURN. */
void carousel_frame(const struct rollcall_settings *s, struct frame *frame, struct carousel *turn);
/* A run of the carousel with TARGET. REPEAT is the number of hosts. */
struct run carousel_run(const struct programs *p, const struct frame *frame, const struct carousel *turn,
			enum target target);

/* Delete all entries of a map. Returns 0 or -errno, reported. */
int map_clear(int map_fd);
/* Delete all entries of both tables, and reset the account of places. */
int programs_clear(const struct programs *p);

/* Give this thread priority over all other tasks on its CPU, for the time of a measurement. */
void alone_begin(void);
void alone_end(void);
int run_on_cpu(int cpu);

double monotonic_ns(void);

#endif
