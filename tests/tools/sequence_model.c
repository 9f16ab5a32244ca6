// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * sequence_model [--naive WHAT]: a model of how sealed messages of one host change its entry (bpf/sequence.bpf.h,
 * bpf/table.bpf.h, the removal in bpf/scan.bpf.c). It runs every order of the steps of three CPUs, each with one
 * message, and of the sweeper, from every kind of entry. It is a model, not the code: each step is one access to shared
 * data. A wait is not bounded here. Exit status 0: in each order
 *
 *	each message is accepted at most once, and the newest one is accepted
 *	an entry never has an older sequence than one that was accepted, except when the sweeper has removed it
 *	every CPU ends
 *
 * 1: the first order where this is not so is printed. --naive leaves out a part, and the model must find an error in
 * what is left; otherwise the model is wrong:
 *
 *	swap	whole entries are written without the swap of the sequence
 *	owner	the sweeper removes an entry without the swap, and puts it back if it is fresh
 *	again	a refresh in place stores the sequence without comparing
 *	seal	an announcement without a seal tests only once that the entry has none
 */
#include <string.h>

#include "model.h"

#define CPUS	 3
#define NODES	 12
#define DEPTH	 256
#define NO_NODE	 255
#define REPLACED 255

enum cpu_step { BEGIN, COMPARING, CHANGING, WAITING, WRITING, JOINING, ENDED };
enum sweep_step { RESTING, OWNS, IN_HAND, SWEPT };

struct node {
	uint8_t sequence, sealed;
	uint8_t stale; /* older than the expiry: the sweeper may remove it, and its sequence does not count */
};

struct cpu {
	uint8_t step;
	uint8_t message; /* its sequence; 0: an announcement without a seal, in a mixed table */
	uint8_t whole;	 /* a move or goodbye, which is never stored in place */
	uint8_t node, seen;
};

struct state {
	uint8_t entry; /* the node that the map has; NO_NODE */
	uint8_t nodes; /* that were used; none is reused */
	struct node node[NODES];
	struct cpu cpu[CPUS];
	uint8_t sweeper, swept, hand, hand_sequence, hand_stale;
	uint8_t accepted[16]; /* by sequence: how often */
};

static const char *naive = "";
static struct state path[DEPTH];
static char steps[DEPTH][64];
static int depth;
static unsigned long taken; /* steps */

static bool without(const char *part)
{
	return !strcmp(naive, part);
}

static void found_wrong(const char *what)
{
	printf("%s:\n", what);
	for (int i = 0; i <= depth; i++) {
		const struct state *s = &path[i];

		printf("%-64s ", i ? steps[i] : "the beginning");
		if (s->entry == NO_NODE)
			printf("no entry\n");
		else
			printf("node %u sequence %u%s\n", s->entry, s->node[s->entry].sequence, s->node[s->entry].stale ? " stale" : "");
	}
	exit(1);
}

static void explore(void);

static void step(const struct state *next, int cpu, const char *what)
{
	taken++;
	if (!model_is_new(next, sizeof(*next)))
		return;
	if (depth + 1 == DEPTH) {
		fprintf(stderr, "too many steps\n");
		exit(2);
	}
	if (cpu < 0)
		snprintf(steps[++depth], sizeof(steps[0]), "the sweeper %s", what);
	else
		snprintf(steps[++depth], sizeof(steps[0]), "CPU %d, message %u: %s", cpu, next->cpu[cpu].message, what);
	path[depth] = *next;
	explore();
	depth--;
}

/* ------------------------------------------------------------------------------------ the CPUs */

static void accept(struct state *s, struct cpu *c)
{
	s->accepted[c->message]++;
	c->step = ENDED;
	if (c->message && s->accepted[c->message] > 1)
		c->step = BEGIN + 100; /* reported by the caller, when the step is on the path */
}

static uint8_t add_node(struct state *s, uint8_t sequence)
{
	if (s->nodes == NODES) {
		fprintf(stderr, "too many nodes\n");
		exit(2);
	}
	s->node[s->nodes] = (struct node){ sequence, sequence > 0, 0 };
	return s->nodes++;
}

/* Without a seal: is the entry, or one that is being replaced, sealed? */
static bool is_refused(const struct cpu *c, const struct node *n)
{
	return !c->message && !n->stale && n->sealed;
}

static bool is_stale(const struct cpu *c, const struct node *n, uint8_t seen)
{
	if (!c->message)
		return false;
	return !n->stale && seen != REPLACED && c->message <= seen;
}

static void cpu_steps(const struct state *s, int i)
{
	struct state next = *s;
	struct cpu *c = &next.cpu[i];
	struct node *n = &next.node[c->node == NO_NODE ? 0 : c->node]; /* the first one is not used then */

	switch (c->step) {
	case BEGIN: /* table_record() */
	case WAITING: /* table_wait() */
		c->node = s->entry;
		if (c->node == NO_NODE) {
			c->step = JOINING;
			step(&next, i, "finds no entry");
			return;
		}
		n = &next.node[c->node];
		c->seen = n->sequence;
		if (s->cpu[i].step == BEGIN && is_refused(c, n)) {
			c->step = ENDED;
		} else if (s->cpu[i].step == WAITING) {
			if (c->seen == REPLACED)
				return; /* it looks again after a step of another one */
			c->step = CHANGING;
		} else {
			if (is_stale(c, n, c->seen) || (!c->message && !c->whole && !n->stale))
				c->step = ENDED; /* without a seal: it stores the time */
			else
				c->step = !c->whole && !n->stale && n->sealed && c->seen < c->message ? COMPARING : CHANGING;
		}
		step(&next, i, "looks up the entry");
		return;
	case COMPARING: /* sequence_take() */
		if (n->sequence == c->seen || without("again")) {
			n->sequence = c->message;
			accept(&next, c);
			step(&next, i, "stores in place");
		} else {
			c->step = CHANGING;
			step(&next, i, "finds another sequence");
		}
		return;
	case CHANGING: /* table_write() reads the sequence again, and sequence_begin() */
		c->seen = n->sequence;
		if (is_stale(c, n, c->seen) || (is_refused(c, n) && !without("seal"))) {
			c->step = ENDED;
			step(&next, i, "is rejected");
		} else if (c->seen == REPLACED) {
			c->step = WAITING;
			step(&next, i, "finds that another one replaces it");
		} else {
			if (!without("swap"))
				n->sequence = REPLACED;
			c->step = WRITING;
			step(&next, i, "owns the entry");
		}
		return;
	case WRITING: /* bpf_map_update_elem(BPF_EXIST) */
		if (s->entry == NO_NODE) {
			if (!without("swap") && n->sequence == REPLACED)
				n->sequence = c->seen;
			c->step = WAITING;
			step(&next, i, "finds that it was removed");
		} else {
			next.entry = add_node(&next, c->message);
			accept(&next, c);
			step(&next, i, "writes a whole entry");
		}
		return;
	case JOINING: /* bpf_map_update_elem(BPF_NOEXIST) */
		if (s->entry != NO_NODE) {
			c->step = WAITING;
			step(&next, i, "finds that another one joined");
		} else {
			next.entry = add_node(&next, c->message);
			accept(&next, c);
			step(&next, i, "joins");
		}
		return;
	default:
		return;
	}
}

/* --------------------------------------------------------------------------------- the sweeper */

static void sweeper_steps(const struct state *s)
{
	struct state next = *s;

	switch (s->sweeper) {
	case RESTING: /* it finds a stale entry */
		if (s->entry == NO_NODE || !s->node[s->entry].stale)
			return;
		next.hand = s->entry;
		if (without("owner")) {
			next.sweeper = OWNS;
			step(&next, -1, "finds a stale entry");
		} else if (s->node[s->entry].sequence != REPLACED) {
			next.node[s->entry].sequence = REPLACED;
			next.sweeper = OWNS;
			step(&next, -1, "owns the entry");
		}
		return;
	case OWNS: /* it deletes by key */
		next.sweeper = SWEPT;
		next.swept = 1;
		if (without("owner") && s->entry != NO_NODE && !s->node[s->entry].stale) {
			next.hand = s->entry;
			next.hand_sequence = s->node[s->entry].sequence;
			next.sweeper = IN_HAND;
			next.swept = 0;
		}
		next.entry = NO_NODE;
		step(&next, -1, "deletes the entry");
		return;
	case IN_HAND:
		if (s->entry == NO_NODE)
			next.entry = add_node(&next, s->hand_sequence);
		next.sweeper = SWEPT;
		step(&next, -1, "puts it back, if there is none");
		return;
	default:
		return;
	}
}

/* -------------------------------------------------------------------------------------- checks */

static void check(const struct state *s, uint8_t before)
{
	uint8_t newest = 0, last = before;

	for (int i = 0; i < CPUS; i++)
		if (s->cpu[i].message > newest)
			newest = s->cpu[i].message;
	for (size_t m = 1; m < sizeof(s->accepted); m++)
		if (s->accepted[m] && m > last)
			last = (uint8_t)m;
	if (newest > before && !s->accepted[newest])
		found_wrong("the newest message was lost");
	if (s->entry == NO_NODE || s->node[s->entry].sequence == REPLACED)
		found_wrong("there is no usable entry");
	if (s->node[s->entry].sequence < last && last != before)
		found_wrong("an entry has an older sequence than one that was accepted");
}

static void explore(void)
{
	const struct state *s = &path[depth];
	unsigned long before = taken;
	bool ended = true;

	for (int i = 0; i < CPUS; i++) {
		if (s->cpu[i].step > ENDED)
			found_wrong("a message was accepted twice");
		ended = ended && s->cpu[i].step == ENDED;
	}
	for (int i = 0; i < CPUS; i++)
		cpu_steps(s, i);
	sweeper_steps(s);
	if (taken > before)
		return;
	if (!ended)
		found_wrong("a CPU waits for ever");
	check(s, path[0].entry == NO_NODE || path[0].node[0].stale ? 0 : path[0].node[0].sequence);
}

/* Explore from one entry: KIND 0 none, 1 live (or a tombstone), 2 stale, 3 without a seal. Bit I of WHOLE: message I is a move or goodbye. */
static void explore_from(int kind, const uint8_t messages[CPUS], unsigned int whole)
{
	struct state *s = &path[0];

	memset(s, 0, sizeof(*s));
	s->entry = NO_NODE;
	if (kind) {
		s->entry = add_node(s, kind == 3 ? 0 : 5);
		s->node[0].stale = kind == 2;
	}
	for (int i = 0; i < CPUS; i++)
		s->cpu[i] = (struct cpu){ BEGIN, messages[i], whole >> i & 1, NO_NODE, 0 };
	depth = 0;
	if (model_is_new(s, sizeof(*s)))
		explore();
}

int main(int argc, char **argv)
{
	static const uint8_t messages[][CPUS] = { { 6, 7, 8 }, { 6, 6, 7 }, { 7, 7, 7 }, { 4, 5, 6 }, { 6, 7, 7 },
						{ 0, 6, 7 }, { 0, 6, 6 }, { 0, 0, 6 } };

	if (argc == 3 && !strcmp(argv[1], "--naive")) {
		naive = argv[2];
	} else if (argc != 1) {
		fprintf(stderr, "usage: sequence_model [--naive swap|owner|again|seal]\n");
		return 2;
	}
	for (int kind = 0; kind <= 3; kind++)
		for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
			for (unsigned int whole = 0; whole < 1 << CPUS; whole++)
				explore_from(kind, messages[i], whole);
	printf("%lu states\n", model_states);
	return 0;
}
