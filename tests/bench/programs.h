/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Programs under measurement: the shipped filter in a table of its own (rig.h), the bare ones beside
 * it, and runs of either over a frame, on one CPU and with nothing in between.
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
	struct rig rig; /* whose program is the one of that kind */
	struct bare_bpf *bare;
	int pass_fd, refresh_fd, carousel_fd; /* of the bare ones of that kind */
};

/*
 * MAX_PEERS: of both tables; the other settings are the defaults but for NAMES_PER_SOURCE.
 * Returns 0 or -errno, said; close it in either case.
 */
int programs_open(struct programs *p, enum kind kind, uint32_t max_peers, uint32_t names_per_source);
void programs_close(struct programs *p);

/* REPEAT runs of a program over FRAME; the value is the time of one in ns. */
struct run {
	enum kind kind;
	int prog_fd;
	const struct frame *frame;
	uint32_t repeat;
	/* with the carousel: where it goes, and between which hosts */
	struct carousel *carousel, turn;
};

static inline struct run run_of(const struct programs *p, int prog_fd, const struct frame *frame, uint32_t repeat)
{
	return (struct run){ .kind = p->kind, .prog_fd = prog_fd, .frame = frame, .repeat = repeat };
}

/* A row of programs of that kind. */
static inline struct row row_by(const struct programs *p, const char *figure, const char *versus, const char *unit, double at_most)
{
	struct row row = row_ratio(figure, versus, unit, at_most);

	row.with = p->kind == TC ? "tc" : NULL;
	return row;
}

int run_measure(void *run, double *ns);
/* The same in the middle of whatever the caller is. */
int run_here(const struct run *run, double *ns);

/*
 * While they have an interface, the kernel runs XDP programs without making its dispatcher anew for each
 * call, which would take longer than the call. tc programs have none. Returns 0 or -errno, said.
 */
int run_prepare(const struct programs *p, const int *prog_fds, size_t count);

/* The frame that the carousel turns; sets the sums of TURN. */
void carousel_frame(const struct rollcall_settings *s, struct frame *frame, struct carousel *turn);
/* A run of the carousel into TARGET; REPEAT is HOSTS. */
struct run carousel_run(const struct programs *p, const struct frame *frame, const struct carousel *turn,
			enum target target);

/* Take out all there is of a map. Returns 0 or -errno, said. */
int map_clear(int map_fd);
/* All entries of both tables, and the account of the places that they had. */
int programs_clear(const struct programs *p);

/* Pinned to this CPU, and before everybody else on it: as short as a measurement. */
void alone_begin(void);
void alone_end(void);
int run_on_cpu(int cpu);

double monotonic_ns(void);

#endif
