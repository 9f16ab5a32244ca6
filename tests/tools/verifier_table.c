// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * verifier_table: print the cost of each program, one per line, in the format of tests/verifier.txt.
 *
 * Instructions are those of the object. The other numbers are from the verifier and the JIT compiler of this kernel:
 * processed instructions, stack, and the bytes of the translated program and of the machine code. The filter is loaded
 * as for each kind of table: of a table with keys the verifier walks more.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <rollcall/settings.h>

#include "base/message.h"
#include "rollcall.skel.h"

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

static int tell(const struct bpf_program *program, const char *suffix, const char *log)
{
	char name[64];
	struct bpf_prog_info info = {};
	__u32 bytes = sizeof(info);
	long processed = log_number(log, "processed "), stack = log_number(log, "stack depth ");

	if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &bytes))
		return fail(-errno, NULL, "cannot look at '%s'", bpf_program__name(program));
	if (processed < 0 || stack < 0)
		return fail(0, NULL, "the verifier's log of '%s' is in no form known: %s", bpf_program__name(program), log);
	snprintf(name, sizeof(name), "%s%s", bpf_program__name(program), suffix);
	printf("%-19s %12zu %10ld %6ld %8u %8u\n", name, bpf_program__insn_cnt(program),
	       processed, stack, info.xlated_prog_len, info.jited_prog_len);
	return 0;
}

/* Load OBJECT, print its programs with SUFFIX behind their names, and close it. */
static int tell_object(struct bpf_object *object, const char *suffix)
{
	struct bpf_program *program;
	int err;

	bpf_object__for_each_program(program, object) {
		char *log = calloc(1, LOG_BYTES);

		if (!log)
			abort();
		bpf_program__set_log_level(program, LOG_STATISTICS);
		bpf_program__set_log_buf(program, log, LOG_BYTES);
	}
	err = bpf_object__load(object);
	if (err)
		err = fail(err, NULL, "cannot load '%s%s'", bpf_object__name(object), suffix);
	bpf_object__for_each_program(program, object) {
		size_t bytes;
		const char *log = bpf_program__log_buf(program, &bytes);

		if (err)
			fputs(log, stderr);
		else
			err = tell(program, suffix, log);
		free((void *)log);
	}
	bpf_object__close(object);
	return err;
}

static int tell_file(const char *name)
{
	const char *build = getenv("BUILD");
	struct bpf_object *object;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.bpf.o", build ? build : "build", name);
	object = bpf_object__open_file(path, NULL);
	return object ? tell_object(object, "") : fail(-errno, NULL, "cannot open '%s'", path);
}

static int tell_filter(__u8 sealing, const char *suffix)
{
	struct rollcall_bpf *filter = rollcall_bpf__open();
	int err;

	if (!filter)
		return fail(-errno, NULL, "cannot open the filter");
	filter->rodata->config.sealing = sealing;
	err = tell_object(filter->obj, suffix);
	filter->obj = NULL;
	rollcall_bpf__destroy(filter);
	return err;
}

int main(int argc, char **argv)
{
	struct utsname here;
	int err = 0;

	uname(&here);
	printf("# kernel %s %s\n", here.release, here.machine);
	printf("#%-18s %12s %10s %6s %8s %8s\n", "program", "instructions", "verified", "stack", "xlated", "jited");
	for (int i = 1; !err && i < argc; i++)
		err = tell_file(argv[i]);
	if (!err)
		err = tell_filter(ROLLCALL_PLAIN, "");
	if (!err)
		err = tell_filter(ROLLCALL_SEALED, "/sealed");
	if (!err)
		err = tell_filter(ROLLCALL_MIXED, "/mixed");
	return err ? 1 : 0;
}
