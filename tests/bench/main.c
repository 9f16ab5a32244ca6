// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * bench [SUBJECT...]: measure the subjects, by default all of them, and print one row of JSON per line. tests/bench/run
 * runs it in new namespaces, and makes a table of its output.
 *
 * BENCH_SHORT=1: only the smaller sizes. BENCH_ROUNDS: the number of rounds (21; short: 7).
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "bare_process.h"
#include "base/message.h"
#include "programs.h"

static const struct {
	const char *name;
	int (*run)(const struct bench *b);
} subjects[] = {
	{ "filter", bench_filter },   { "newcomers", bench_newcomers }, { "cold", bench_cold }, { "cpus", bench_cpus },
	{ "wire", bench_wire },	      { "sweep", bench_sweep },	       { "list", bench_list }, { "find", bench_find },
	{ "loader", bench_loader },   { "latency", bench_latency }, { "neighbours", bench_neighbours },
	{ "sealed", bench_sealed },   { "floods", bench_floods },   { "history", bench_history }, { "serve", bench_serve },
};

static bool wanted(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], name))
			return true;
	return argc < 2;
}

/* Choose the last CPU that this process may use, because the first one gets most interrupts, and another one. */
static void choose_cpus(struct bench *b)
{
	cpu_set_t allowed;

	b->cpu = b->other_cpu = -1;
	if (sched_getaffinity(0, sizeof(allowed), &allowed))
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &allowed))
			continue;
		b->other_cpu = b->cpu;
		b->cpu = cpu;
	}
}

static int bench_of_environment(struct bench *b)
{
	const char *rounds = getenv("BENCH_ROUNDS"), *build = getenv("BUILD"), *brief = getenv("BENCH_SHORT");
	static char program[4096];

	b->brief = brief && *brief;
	b->rounds = b->brief ? 7 : 21;
	if (rounds && *rounds)
		b->rounds = (unsigned int)strtoul(rounds, NULL, 10);
	if (!b->rounds || b->rounds > ROUNDS_MAX)
		return fail(0, NULL, "between 1 and %d rounds, not '%s'", ROUNDS_MAX, rounds);
	snprintf(program, sizeof(program), "%s/rollcall", build ? build : "build");
	b->program = program;
	choose_cpus(b);
	return run_on_cpu(b->cpu);
}

int main(int argc, char **argv)
{
	struct bench b = { .self = argv[0] };
	int err;

	if (bare_process_is(argc, argv))
		return bare_process_main(argc, argv);
	err = bench_of_environment(&b);
	for (size_t i = 0; !err && i < sizeof(subjects) / sizeof(subjects[0]); i++)
		if (wanted(subjects[i].name, argc, argv))
			err = subjects[i].run(&b);
	return err ? 1 : 0;
}
