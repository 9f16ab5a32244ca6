/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is measured, how often, and how it is told.
 *
 * A subject makes a list of things, measures them in turns (A B C, A B C, ...), so that whatever
 * happens to the machine happens to all of them alike, and writes a row for each figure:
 * one thing compared with another. What a row claims is a ratio; nanoseconds are told beside it.
 */
#ifndef ROLLCALL_BENCH_H
#define ROLLCALL_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROUNDS_MAX 64

struct bench {
	unsigned int rounds;
	bool brief; /* the smaller sizes alone */
	int cpu, other_cpu; /* the one that we are pinned to, and another (-1: there is none) */
	const char *program; /* the command */
	const char *self;    /* this benchmark, for bare processes */
};

/* One measurement. Returns 0, or -errno, said. */
typedef int (*measure_fn)(void *context, double *value);

struct thing {
	measure_fn measure;
	void *context;
	/* the figure is that of this thing less LESS and plus PLUS, where they are not NULL */
	const struct thing *less, *plus;
	double values[ROUNDS_MAX];
	unsigned int count;
};

/* One round that is thrown away, then ROUNDS of them. Returns 0 or -errno. */
int things_measure(struct thing *things, size_t count, unsigned int rounds);
double thing_median(const struct thing *t);
double thing_min(const struct thing *t);

enum goal {
	STATED,	       /* there is none */
	RATIO_AT_MOST, /* of our figure to that of the bare thing */
	VALUE_AT_MOST, /* of our figure */
};

struct row {
	const char *figure; /* what was measured */
	const char *versus; /* the bare thing; NULL: there is none */
	const char *unit;
	enum goal goal;
	double at_most;
	uint64_t peers; /* a point of a curve; 0: none */
	const char *curve;
	const char *with; /* in which of several ways it was measured; NULL: there is one */
	bool by_median; /* the goal is one of the median, not of the least figures */
};

/* BARE may be NULL. */
void row_write(struct row row, const struct thing *ours, const struct thing *bare);
void row_not_run(struct row row, const char *why);

static inline struct thing thing_by(measure_fn measure, void *context)
{
	return (struct thing){ .measure = measure, .context = context };
}

/* For a figure that is one number. */
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

/* What can be measured. Return 0 or -errno, said. */
int bench_filter(const struct bench *b);
int bench_newcomers(const struct bench *b);
int bench_cold(const struct bench *b);
int bench_cpus(const struct bench *b);
int bench_wire(const struct bench *b);
int bench_sweep(const struct bench *b);
int bench_list(const struct bench *b);
int bench_find(const struct bench *b);
int bench_loader(const struct bench *b);
int bench_latency(const struct bench *b);
int bench_floods(const struct bench *b);
int bench_neighbours(const struct bench *b);

#endif
