/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Measurements, rounds, and rows of the result.
 *
 * A subject has a list of things. It measures them in turns (A B C, A B C, ...), so that a change of the machine
 * affects all of them alike. Then it writes a row per figure, which compares one thing with another. The result of a
 * row is a ratio; nanoseconds are written too.
 */
#ifndef ROLLCALL_BENCH_H
#define ROLLCALL_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROUNDS_MAX 64

struct bench {
	unsigned int rounds;
	bool brief; /* only the smaller sizes */
	int cpu, other_cpu; /* the CPU that this process is pinned to, and another one (-1: none) */
	const char *program; /* the path of rollcall */
	const char *self;    /* the path of this benchmark, for bare processes */
};

/* One measurement. Returns 0 or -errno, reported. */
typedef int (*measure_fn)(void *context, double *value);

struct thing {
	measure_fn measure;
	void *context;
	/* the figure is that of this thing, minus LESS and plus PLUS if they are not NULL */
	const struct thing *less, *plus;
	double values[ROUNDS_MAX];
	unsigned int count;
};

/* Run one round whose result is ignored, and then ROUNDS rounds. Returns 0 or -errno. */
int things_measure(struct thing *things, size_t count, unsigned int rounds);
double thing_median(const struct thing *t);
double thing_min(const struct thing *t);

enum goal {
	STATED,	       /* no goal */
	RATIO_AT_MOST, /* a maximum of the ratio of our figure to that of the bare thing */
	VALUE_AT_MOST, /* a maximum of our figure */
};

struct row {
	const char *figure; /* the name of the figure */
	const char *versus; /* the name of the bare thing; NULL: none */
	const char *unit;
	enum goal goal;
	double at_most;
	uint64_t peers; /* the number of peers, for a point of a curve; 0: none */
	const char *curve;
	const char *with; /* the variant of the measurement; NULL: there is only one */
	bool by_median; /* the goal is compared with the median instead of the minimum */
};

/* BARE may be NULL. */
void row_write(struct row row, const struct thing *ours, const struct thing *bare);
void row_not_run(struct row row, const char *why);

static inline struct thing thing_by(measure_fn measure, void *context)
{
	return (struct thing){ .measure = measure, .context = context };
}

/* A thing whose figure is a known number. */
static inline struct thing thing_of(double value)
{
	return (struct thing){ .values = { value }, .count = 1 };
}

static inline struct row row_of(const char *figure, const char *versus, const char *unit)
{
	return (struct row){ .figure = figure, .versus = versus, .unit = unit };
}

static inline struct row row_ratio(const char *figure, const char *versus, const char *unit, double at_most)
{
	return (struct row){ .figure = figure, .versus = versus, .unit = unit, .goal = RATIO_AT_MOST, .at_most = at_most };
}

static inline struct row row_value(const char *figure, const char *unit, double at_most)
{
	return (struct row){ .figure = figure, .unit = unit, .goal = VALUE_AT_MOST, .at_most = at_most };
}

/* The subjects. Each returns 0 or -errno, reported. */
int bench_filter(const struct bench *b);
int bench_newcomers(const struct bench *b);
int bench_cold(const struct bench *b);
int bench_sealed(const struct bench *b);
int bench_cpus(const struct bench *b);
int bench_wire(const struct bench *b);
int bench_sweep(const struct bench *b);
int bench_list(const struct bench *b);
int bench_find(const struct bench *b);
int bench_loader(const struct bench *b);
int bench_latency(const struct bench *b);
int bench_floods(const struct bench *b);
int bench_history(const struct bench *b);
int bench_serve(const struct bench *b);
int bench_neighbours(const struct bench *b);

#endif
