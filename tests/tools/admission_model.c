// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * admission_model [--naive]: a model of the account of places (bpf/admission.bpf.h, user/loader/admission.c). It runs
 * every order of the steps of two filters, the sweeper, a process that deletes entries without counting, and a process
 * that adds entries without counting. It is a model, not the code: each step is one access to shared data. Exit status
 * 0: in each order every counted entry has a place, and when all have finished, two sweeps later the number of places
 * is the number of entries. 1: the first order where this is not so is printed.
 *
 * --naive is an account with one number `joined` that goes up and down; the number at the beginning of a scan counts as
 * the number of entries. The model must find an error in it; otherwise the model is wrong.
 */
#include <string.h>

#include "model.h"

#define PLACES	2
#define NAMES	3
#define FILTERS 2
#define RUNS	2 /* of each filter */
#define SWEEPS	2
#define DEPTH	256

enum filter_step { IDLE, LOOKED_UP, RESERVED, ADMITTED, REFUSED, FILTER_STEPS };

enum sweep_step {
	RESTING,
	VISITING,	 /* the scan: `visited` names so far */
	VISITED,
	LETTING_END,	 /* waiting for filters that were running */
	VISITING_AGAIN,
	VISITED_AGAIN,
	TAKING_OUT,
	TAKEN_OUT,
};

struct filter {
	uint8_t step, runs, name, reserved_before;
};

struct state {
	uint8_t reserved, given_back, left;
	uint8_t entries; /* one bit per name */
	struct filter filters[FILTERS];
	struct {
		uint8_t step, sweeps, visited, found, reserved, given_back, under_way, out;
	} sweeper;
	uint8_t deletions, insertions; /* that the other processes still make */
	uint8_t inserted;	       /* entries that were added without a place */
};

static bool naive;
static struct state path[DEPTH];
static const char *steps[DEPTH];
static int depth;

static int entries_of(const struct state *s)
{
	return __builtin_popcount(s->entries);
}

static int live(const struct state *s)
{
	return (int8_t)(s->reserved - s->given_back - s->left);
}

/* ------------------------------------------------------------------------------------- checks */

static void found_wrong(const char *what)
{
	printf("%s:\n", what);
	for (int i = 0; i <= depth; i++)
		printf("%-44s reserved %u given back %u left %u entries %x\n", i ? steps[i] : "the beginning",
		       path[i].reserved, path[i].given_back, path[i].left, path[i].entries);
	exit(1);
}

static void check(const struct state *s)
{
	if (entries_of(s) > PLACES + s->inserted)
		found_wrong("more entries than places");
}

static void explore(void);

static void step(const struct state *next, const char *what)
{
	if (!model_is_new(next, sizeof(*next)))
		return;
	if (depth + 1 == DEPTH) {
		fprintf(stderr, "too many steps\n");
		exit(2);
	}
	steps[++depth] = what;
	path[depth] = *next;
	check(next);
	explore();
	depth--;
}

/* ------------------------------------------------------------------------------------ filters */

static void filter_end(struct state *n, int i)
{
	n->filters[i] = (struct filter){ .runs = n->filters[i].runs };
	n->sweeper.under_way &= (uint8_t)~(1U << i);
}

static void filter_give_back(struct state *n)
{
	if (naive)
		n->reserved--;
	else
		n->given_back++;
}

static void filter_steps(const struct state *s, int i)
{
	const struct filter *f = &s->filters[i];
	struct state n = *s;

	switch (f->step) {
	case IDLE:
		for (uint8_t name = 0; f->runs && name < NAMES; name++) {
			n = *s;
			n.filters[i].runs--;
			if (s->entries & 1 << name || live(s) >= PLACES) /* a refresh, or full */
				filter_end(&n, i);
			else
				n.filters[i] = (struct filter){ LOOKED_UP, n.filters[i].runs, name, 0 };
			step(&n, "a filter looks for the name and for room");
		}
		return;
	case LOOKED_UP:
		n.filters[i].reserved_before = n.reserved++;
		n.filters[i].step = RESERVED;
		step(&n, "a filter reserves");
		return;
	case RESERVED:
		n.filters[i].step = (int8_t)(f->reserved_before - s->given_back - s->left) >= PLACES ? REFUSED : ADMITTED;
		step(&n, "a filter sees whether there was a place");
		return;
	case ADMITTED:
		if (s->entries & 1 << f->name) {
			n.filters[i].step = REFUSED;
			step(&n, "a filter finds the name entered by another");
			return;
		}
		n.entries |= (uint8_t)(1 << f->name);
		filter_end(&n, i);
		step(&n, "a filter enters the name");
		return;
	case REFUSED:
		filter_give_back(&n);
		filter_end(&n, i);
		step(&n, "a filter gives back");
		return;
	}
}

/* ------------------------------------------------------------------------------------ sweeper */

static void account(struct state *n, uint8_t reserved, uint8_t given_back, uint8_t found)
{
	if ((int8_t)(reserved - given_back - found) > (int8_t)n->left)
		n->left = (uint8_t)(reserved - given_back - found);
}

static void scan_ended(struct state *n)
{
	uint8_t found = n->sweeper.found;
	int8_t at_most = (int8_t)(n->reserved - n->sweeper.given_back - n->left);
	int8_t at_least = (int8_t)(n->sweeper.reserved - n->given_back - n->left);

	n->sweeper.step = TAKING_OUT;
	if (naive) {
		account(n, n->sweeper.reserved, 0, found);
	} else if (at_most < (int8_t)found) {
		n->reserved = (uint8_t)(n->reserved + found - at_most);
	} else if (at_least > (int8_t)found) {
		n->sweeper.step = LETTING_END;
		n->sweeper.reserved = n->reserved;
		for (int i = 0; i < FILTERS; i++)
			if (n->filters[i].step != IDLE)
				n->sweeper.under_way |= (uint8_t)(1 << i);
	}
	n->sweeper.visited = n->sweeper.found = 0;
}

static void sweeper_visit(const struct state *s, struct state *n, uint8_t next)
{
	n->sweeper.found = (uint8_t)(n->sweeper.found + (s->entries >> s->sweeper.visited & 1));
	if (++n->sweeper.visited == NAMES)
		n->sweeper.step = next;
	step(n, "the sweeper visits a name");
}

static void sweeper_steps(const struct state *s)
{
	struct state n = *s;

	switch (s->sweeper.step) {
	case RESTING:
		if (!s->sweeper.sweeps)
			return;
		n.sweeper.sweeps--;
		n.sweeper.step = VISITING;
		n.sweeper.visited = n.sweeper.found = 0;
		n.sweeper.reserved = s->reserved;
		n.sweeper.given_back = s->given_back;
		step(&n, "the sweeper begins");
		return;
	case VISITING:
		sweeper_visit(s, &n, VISITED);
		return;
	case VISITED:
		scan_ended(&n);
		step(&n, "the sweeper compares");
		return;
	case LETTING_END:
		if (s->sweeper.under_way)
			return;
		n.sweeper.given_back = s->given_back;
		n.sweeper.step = VISITING_AGAIN;
		step(&n, "no filter is under way any more");
		return;
	case VISITING_AGAIN:
		sweeper_visit(s, &n, VISITED_AGAIN);
		return;
	case VISITED_AGAIN:
		account(&n, s->sweeper.reserved, s->sweeper.given_back, s->sweeper.found);
		n.sweeper.step = TAKING_OUT;
		step(&n, "the sweeper counts who left");
		return;
	case TAKING_OUT:
		n.sweeper.step = RESTING;
		step(&n, "the sweeper finds nothing stale");
		for (int name = 0; name < NAMES; name++) {
			if (!(s->entries & 1 << name))
				continue;
			n = *s;
			n.entries &= (uint8_t)~(1 << name);
			n.sweeper.step = TAKEN_OUT;
			step(&n, "the sweeper takes one out");
		}
		return;
	case TAKEN_OUT:
		n.left++;
		n.sweeper.step = RESTING;
		step(&n, "the sweeper counts it");
		return;
	}
}

/* -------------------------------------------------------------------------------- the others */

static void other_steps(const struct state *s)
{
	for (int name = 0; name < NAMES; name++) {
		struct state n = *s;

		if (s->deletions && s->entries & 1 << name) {
			n.entries &= (uint8_t)~(1 << name);
			n.deletions--;
			step(&n, "somebody deletes one, uncounted");
		} else if (s->insertions && !(s->entries & 1 << name)) {
			n.entries |= (uint8_t)(1 << name);
			n.insertions--;
			n.inserted++;
			step(&n, "somebody enters one, uncounted");
		}
	}
}

/* All have finished: check the account after two sweeps. */
static void check_quiet(const struct state *s)
{
	struct state n = *s;

	for (int sweeps = 0; sweeps < 2; sweeps++) {
		n.sweeper.reserved = n.reserved;
		n.sweeper.given_back = n.given_back;
		n.sweeper.found = (uint8_t)entries_of(&n);
		scan_ended(&n);
		if (n.sweeper.step == LETTING_END)
			account(&n, n.reserved, n.given_back, (uint8_t)entries_of(&n));
	}
	if (live(&n) != entries_of(&n))
		found_wrong("when all is quiet the account is wrong");
}

static void explore(void)
{
	const struct state *s = &path[depth];
	bool quiet = s->sweeper.step == RESTING;

	for (int i = 0; i < FILTERS; i++) {
		filter_steps(s, i);
		quiet = quiet && s->filters[i].step == IDLE;
	}
	sweeper_steps(s);
	other_steps(s);
	if (quiet)
		check_quiet(s);
}

int main(int argc, char **argv)
{
	naive = argc == 2 && !strcmp(argv[1], "--naive");
	if (argc > 1 && !naive) {
		fprintf(stderr, "usage: %s [--naive]\n", argv[0]);
		return 2;
	}
	for (uint8_t insertions = 0; insertions <= 1; insertions++) {
		path[0] = (struct state){ .sweeper.sweeps = SWEEPS, .deletions = 1, .insertions = insertions };
		for (int i = 0; i < FILTERS; i++)
			path[0].filters[i].runs = RUNS;
		explore();
	}
	printf("%lu states\n", model_states);
	return 0;
}
