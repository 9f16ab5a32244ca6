// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * verifier_table: print the cost of each program, one per line, in the format of tests/verifier.txt.
 *
 * Instructions are those of the object. The other numbers are from the verifier and the JIT compiler of this kernel:
 * processed instructions, stack, and the bytes of the translated program and of the machine code.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/message.h"

#define LOG_STATISTICS 4 /* BPF_LOG_STATS in the kernel's bpf_verifier.h */
#define LOG_BYTES      65536

/* The number after the last WORDS in the log of the verifier. */
static long log_number(const char *log, const char *words)
{
	long number = -1;

	for (const char *at = log; (at = strstr(at, words)); at += strlen(words))
		number = strtol(at + strlen(words), NULL, 10);
	return number;
}

static int tell(const struct bpf_program *program, const char *log)
{
	struct bpf_prog_info info = {};
	__u32 bytes = sizeof(info);
	long processed = log_number(log, "processed "), stack = log_number(log, "stack depth ");

	if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &bytes))
		return fail(-errno, NULL, "cannot look at '%s'", bpf_program__name(program));
	if (processed < 0 || stack < 0)
		return fail(0, NULL, "the verifier's log of '%s' is in no form known: %s", bpf_program__name(program), log);
	printf("%-16s %12zu %10ld %6ld %8u %8u\n", bpf_program__name(program), bpf_program__insn_cnt(program),
	       processed, stack, info.xlated_prog_len, info.jited_prog_len);
	return 0;
}

static int tell_object(const char *name)
{
	const char *build = getenv("BUILD");
	struct bpf_program *program;
	struct bpf_object *object;
	char path[4096];
	int err = 0;

	snprintf(path, sizeof(path), "%s/%s.bpf.o", build ? build : "build", name);
	object = bpf_object__open_file(path, NULL);
	if (!object)
		return fail(-errno, NULL, "cannot open '%s'", path);
	bpf_object__for_each_program(program, object) {
		char *log = calloc(1, LOG_BYTES);

		if (!log)
			abort();
		bpf_program__set_log_level(program, LOG_STATISTICS);
		bpf_program__set_log_buf(program, log, LOG_BYTES);
	}
	err = bpf_object__load(object);
	if (err)
		err = fail(err, NULL, "cannot load '%s'", path);
	bpf_object__for_each_program(program, object) {
		size_t bytes;
		const char *log = bpf_program__log_buf(program, &bytes);

		if (!err)
			err = tell(program, log);
		free((void *)log);
	}
	bpf_object__close(object);
	return err;
}

int main(int argc, char **argv)
{
	struct utsname here;
	int err = 0;

	uname(&here);
	printf("# kernel %s %s\n", here.release, here.machine);
	printf("#%-15s %12s %10s %6s %8s %8s\n", "program", "instructions", "verified", "stack", "xlated", "jited");
	for (int i = 1; !err && i < argc; i++)
		err = tell_object(argv[i]);
	return err ? 1 : 0;
}
