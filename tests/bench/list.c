// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* `rollcall peers` as whole processes, with output to /dev/null. */
#include "crowd.h"
#include "loader/pins.h"
#include "process.h"
#include "programs.h"
#include "loader/slots.h"

/* A large table takes so long that the noise is small. */
#define LARGE	       100000
#define ROUNDS_LARGE   15
#define BPFTOOL_ROUNDS 3

enum { UNSORTED, SORTED, JSON, WALK, BPFTOOL, COMMANDS };

static int measure_bpftool(const struct bench *b, uint64_t hosts, struct thing *t)
{
	unsigned int rounds = hosts > LARGE && b->rounds > BPFTOOL_ROUNDS ? BPFTOOL_ROUNDS : b->rounds;
	int err = 0;

	for (t->count = 0; !err && t->count < rounds; t->count++)
		err = t->measure(t->context, &t->values[t->count]);
	return err;
}

static struct row of_size(struct row row, const char *curve, uint64_t hosts)
{
	row.curve = curve;
	row.peers = hosts;
	return row;
}

static void write_rows(uint64_t hosts, const struct thing *things, const struct command *commands)
{
	const struct thing memory = thing_of((double)(commands[SORTED].cost.rss_bytes - commands[WALK].cost.rss_bytes) /
					     (double)hosts);

	row_write(of_size(row_of("peers --sort none", "batch look-up walk, a process", "ms"), "list", hosts),
		  &things[UNSORTED], &things[WALK]);
	row_write(of_size(row_of("peers", "batch look-up walk, a process", "ms"), "list_sorted", hosts), &things[SORTED],
		  &things[WALK]);
	if (hosts == 50000)
		row_write(of_size(row_value("peers, the time that a user waits", "ms", 200), NULL, hosts), &things[SORTED], NULL);
	/* with a thousand, most of both is the start of the process */
	row_write(of_size(hosts < 50000 ? row_of("peers -j", "bpftool -j map dump", "ms") :
					  row_ratio("peers -j", "bpftool -j map dump", "ms", 0.5), "list_json", hosts),
		  &things[JSON], &things[BPFTOOL]);
	if (hosts >= 50000)
		row_write(of_size(row_value("peers: peak memory an entry, beyond the walk's", "bytes", 200), NULL, hosts),
			  &memory, NULL);
}

static int measure_size(const struct bench *b, uint64_t hosts)
{
	const struct rollcall_attachment here = { .ifindex = HEARD_ON_LOOPBACK, .ifname = "lo" };
	char program[4096], self[4096], pin[PATH_MAX];
	char *const argv[COMMANDS][8] = {
		[UNSORTED] = { program, "peers", "--sort", "none", NULL },
		[SORTED] = { program, "peers", NULL },
		[JSON] = { program, "peers", "-j", NULL },
		[WALK] = { self, "--bare", "walk", pin, NULL },
		[BPFTOOL] = { "bpftool", "-j", "map", "dump", "pinned", pin, NULL },
	};
	struct command commands[COMMANDS] = {};
	struct thing things[COMMANDS] = {};
	struct programs p;
	int err = programs_open(&p, XDP, (uint32_t)hosts, ROLLCALL_NAMES_PER_SOURCE);

	snprintf(program, sizeof(program), "%s", b->program);
	snprintf(self, sizeof(self), "%s", b->self);
	for (int i = 0; i < COMMANDS; i++) {
		commands[i].argv = argv[i];
		things[i] = thing_by(command_measure, &commands[i]);
	}
	if (!err) /* record the interface, so that its name is not looked up in the kernel for each entry */
		err = slot_write(&p.rig.table, 0, &here);
	if (!err) {
		pins_path(p.rig.dir, "peers", pin);
		err = crowd_enter(&p.rig.table, 0, hosts, -3600 * (int64_t)NS_PER_S);
	}
	if (!err)
		err = things_measure(things, BPFTOOL, hosts > LARGE && b->rounds > ROUNDS_LARGE ? ROUNDS_LARGE : b->rounds);
	if (!err)
		err = measure_bpftool(b, hosts, &things[BPFTOOL]);
	if (!err)
		write_rows(hosts, things, commands);
	programs_close(&p);
	return err;
}

int bench_list(const struct bench *b)
{
	static const uint64_t sizes[] = { 1000, 50000, 1000000 };
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (!b->brief || sizes[i] <= 50000)
			err = measure_size(b, sizes[i]);
	return err;
}
