/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Runs the filter over bytes in memory: the BPF object of the build, loaded by libbpf, without pins, loader and
 * network. BPF_PROG_TEST_RUN treats the frame as received on the loopback interface.
 */
#ifndef ROLLCALL_TESTS_FILTERRUN_H
#define ROLLCALL_TESTS_FILTERRUN_H

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rollcall/attachment.h>
#include <rollcall/outcome.h>
#include <rollcall/table.h>

#include "hearing.h"
#include "base/message.h"
#include "view/write.h"

struct filterrun {
	struct bpf_object *object;
	int prog_fd, peers_fd, own_names_fd, outcomes_fd;
	__u32 slot;
	struct rollcall_counts counts; /* after the last frame */
};

struct filterrun_result {
	int verdict; /* the return value of the program */
	enum rollcall_outcome outcome;
};

static inline int filterrun_open(struct filterrun *r)
{
	const char *build = getenv("BUILD");
	char path[4096];

	memset(r, 0, sizeof(*r));
	snprintf(path, sizeof(path), "%s/rollcall.bpf.o", build ? build : "build");
	r->object = bpf_object__open_file(path, NULL);
	return r->object ? 0 : fail(-errno, NULL, "cannot open '%s'", path);
}

/* A read-only variable of the filter, to be set before it is loaded; or NULL, reported. */
static inline void *filterrun_rodata(struct filterrun *r, const char *name, size_t bytes)
{
	const struct btf *btf = bpf_object__btf(r->object);
	struct bpf_map *map = bpf_object__find_map_by_name(r->object, ".rodata");
	const struct btf_type *section = btf__type_by_id(btf, btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC));
	const struct btf_var_secinfo *variable = section ? btf_var_secinfos(section) : NULL;
	size_t all;
	char *data = map ? (char *)bpf_map__initial_value(map, &all) : NULL; /* const before libbpf 1.2 */

	for (int i = 0; data && section && i < btf_vlen(section); i++, variable++)
		if (!strcmp(btf__name_by_offset(btf, btf__type_by_id(btf, variable->type)->name_off), name) &&
		    variable->size == bytes)
			return data + variable->offset;
	fail(0, NULL, "the object has no variable '%s' of %zu bytes", name, bytes);
	return NULL;
}

/* HOOK: "xdp" or "tc". */
static inline int filterrun_load(struct filterrun *r, const char *hook)
{
	struct bpf_program *found, *each;
	char program[32];
	int err;

	snprintf(program, sizeof(program), "rollcall_%s", hook);
	found = bpf_object__find_program_by_name(r->object, program);
	bpf_object__for_each_program(each, r->object) { /* braces: cppcheck does not know the macro */
		bpf_program__set_autoload(each, each == found);
	}
	err = bpf_object__load(r->object);
	if (err)
		return fail(err, NULL, "cannot load the object");
	r->prog_fd = found ? bpf_program__fd(found) : -ENOENT;
	r->peers_fd = bpf_object__find_map_fd_by_name(r->object, "peers");
	r->own_names_fd = bpf_object__find_map_fd_by_name(r->object, "own_names");
	r->outcomes_fd = bpf_object__find_map_fd_by_name(r->object, "outcomes");
	if (r->prog_fd < 0 || r->peers_fd < 0 || r->own_names_fd < 0 || r->outcomes_fd < 0)
		return fail(-ENOENT, NULL, "the object lacks '%s' or a map", program);
	return 0;
}

static inline void filterrun_close(struct filterrun *r)
{
	bpf_object__close(r->object);
}

/* A slot's counts, summed over the CPUs. */
static inline int filterrun_counts(const struct filterrun *r, __u32 slot, struct rollcall_counts *counts)
{
	int cpus = libbpf_num_possible_cpus();
	struct rollcall_counts each[cpus];

	if (bpf_map_lookup_elem(r->outcomes_fd, &slot, each))
		return fail(-errno, NULL, "cannot read the counts");
	memset(counts, 0, sizeof(*counts));
	for (int cpu = 0; cpu < cpus; cpu++)
		for (int i = 0; i < ROLLCALL_OUTCOME_COUNT; i++)
			counts->outcomes[i] += each[cpu].outcomes[i];
	return 0;
}

/* Find the outcome whose count grew by one, or none (not_ours). It is an error if other counts grew too. */
static inline int filterrun_outcome(struct filterrun *r, enum rollcall_outcome *outcome)
{
	struct rollcall_counts now = {};
	int err = filterrun_counts(r, r->slot, &now);

	*outcome = ROLLCALL_NOT_OURS;
	for (int i = 0; !err && i < ROLLCALL_OUTCOME_COUNT; i++) {
		if (now.outcomes[i] == r->counts.outcomes[i])
			continue;
		if (i == ROLLCALL_NOT_OURS || *outcome != ROLLCALL_NOT_OURS ||
		    now.outcomes[i] - r->counts.outcomes[i] != 1)
			err = fail(0, NULL, "counted otherwise than once: '%s' by %lld, '%s' before it",
				   i ? outcome_name(i) : "not_ours",
				   (long long)(now.outcomes[i] - r->counts.outcomes[i]),
				   *outcome ? outcome_name(*outcome) : "nothing");
		*outcome = i;
	}
	r->counts = now;
	return err;
}

/* Returns 0, -ENODATA if the kernel rejects a frame that is so short, or another error, reported. */
static inline int filterrun_frame(struct filterrun *r, const void *bytes, __u32 count,
				  struct filterrun_result *result)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = bytes, .data_size_in = count);

	if (bpf_prog_test_run_opts(r->prog_fd, &opts)) {
		/* less than Ethernet and IP headers: net/bpf/test_run.c */
		if (errno == EINVAL && (count < 34 || (count < 54 && !memcmp((const char *)bytes + 12, "\x86\xdd", 2))))
			return -ENODATA;
		return fail(-errno, NULL, "cannot run the program over %u bytes", count);
	}
	result->verdict = (int)opts.retval;
	return filterrun_outcome(r, &result->outcome);
}

/* The key of the entry of NAME, with A-Z as a-z. A name that is too long is cut. */
static inline struct rollcall_peer_key filterrun_key(const void *name, size_t bytes)
{
	struct rollcall_peer_key key = { .family = ROLLCALL_FAMILY_IPV4, .ifindex = HEARD_ON_LOOPBACK };

	memcpy(key.hostname, name, bytes < sizeof(key.hostname) ? bytes : sizeof(key.hostname));
	for (size_t i = 0; i < sizeof(key.hostname); i++)
		if (key.hostname[i] >= 'A' && key.hostname[i] <= 'Z')
			key.hostname[i] = (char)(key.hostname[i] - 'A' + 'a');
	return key;
}

#endif
