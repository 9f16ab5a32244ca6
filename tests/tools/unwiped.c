// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * unwiped KEY CMD...: run CMD, and search the memory that it gives back for KEY, which is 32 hexadecimal digits: what
 * it unmaps, and all of its writable memory when it exits. Each place where the key is found is printed on standard
 * error. SIGINT, SIGTERM and SIGHUP are passed on to CMD.
 *
 * The key is found as 16 bytes, as either half, as base64, and as the state of SipHash before the first round.
 *
 * Exit status: that of CMD if the key was not found; 99 if it was found; 98 if something else is wrong.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <rollcall/seal.h>

#include "hex.h"

enum { FOUND = 99, FAILED = 98 };

#define WORDS	   6  /* the halves, and the state of SipHash */
#define TEXT_BYTES 21 /* of base64: the next digit has only two bits of the key */

static struct {
	uint64_t words[WORDS];
	char text[TEXT_BYTES + 3];
} key;

static pid_t traced;

static void base64(const uint8_t *bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (int i = 0, used = 0; used < TEXT_BYTES; i += 3) {
		uint32_t bits = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];

		for (int shift = 18; shift >= 0 && used < TEXT_BYTES; shift -= 6)
			key.text[used++] = digits[bits >> shift & 63];
	}
}

static bool take_key(const char *hex)
{
	uint8_t bytes[ROLLCALL_KEY_BYTES + 2] = {}; /* base64 has groups of 3 bytes */
	struct siphash begin;

	if (parse_hex(hex, bytes, ROLLCALL_KEY_BYTES) != ROLLCALL_KEY_BYTES)
		return false;
	base64(bytes);
	memcpy(key.words, bytes, ROLLCALL_KEY_BYTES);
	begin = siphash_begin(SIPHASH_LE64(key.words[0]), SIPHASH_LE64(key.words[1]));
	_Static_assert(sizeof(begin) == (WORDS - 2) * sizeof(uint64_t), "the state is four words");
	memcpy(key.words + 2, &begin, sizeof(begin));
	return true;
}

/* Returns where a part of the key is, or NULL. */
static const char *find_key(const char *data, size_t bytes)
{
	const char *found = memmem(data, bytes, key.text, TEXT_BYTES);

	for (int i = 0; !found && i < WORDS; i++)
		found = memmem(data, bytes, &key.words[i], sizeof(key.words[i]));
	return found;
}

/* Is the key in this part of the memory of CMD? */
static bool search(uint64_t start, uint64_t bytes, const char *when)
{
	char path[32], *data = malloc(bytes);
	const char *found = NULL;
	int memory;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)traced);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	if (data && memory >= 0) {
		ssize_t got = pread(memory, data, bytes, (off_t)start);

		found = got > 0 ? find_key(data, (size_t)got) : NULL;
	}
	if (found)
		fprintf(stderr, "unwiped: the key is at %" PRIx64 ", in %" PRIx64 "-%" PRIx64 ", %s: %.8s\n",
			start + (uint64_t)(found - data), start, start + bytes, when, found);
	close(memory);
	free(data);
	return found;
}

static bool search_all(void)
{
	char path[32], line[512];
	bool found = false;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)traced);
	maps = fopen(path, "re");
	while (maps && fgets(line, sizeof(line), maps)) {
		char *rest; /* "START-END RIGHTS ..." */
		uint64_t start = strtoull(line, &rest, 16), end = strtoull(rest + 1, &rest, 16);

		if (rest[2] == 'w')
			found |= search(start, end - start, "at the exit");
	}
	if (maps)
		fclose(maps);
	return found;
}

/* CMD is before or after a system call. */
static bool search_at_call(void)
{
	struct __ptrace_syscall_info call = {};

	if (ptrace(PTRACE_GET_SYSCALL_INFO, traced, sizeof(call), &call) <= 0 || call.op != PTRACE_SYSCALL_INFO_ENTRY)
		return false;
	if (call.entry.nr == SYS_munmap)
		return search(call.entry.args[0], call.entry.args[1], "when it is unmapped");
	return call.entry.nr == SYS_exit_group && search_all();
}

static int trace(void)
{
	bool found = false;
	long deliver = 0;
	int status;

	if (waitpid(traced, &status, 0) != traced || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, traced, NULL, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC))
		return FAILED;
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, traced, NULL, deliver) || waitpid(traced, &status, 0) != traced)
			return FAILED;
		deliver = 0;
		if (WIFEXITED(status))
			return found ? FOUND : WEXITSTATUS(status);
		if (!WIFSTOPPED(status))
			return FAILED;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			found |= search_at_call();
		else if (WSTOPSIG(status) != SIGTRAP)
			deliver = WSTOPSIG(status);
	}
}

static void pass_on(int number)
{
	kill(traced, number);
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = pass_on, .sa_flags = SA_RESTART };

	if (argc < 3 || !take_key(argv[1])) {
		fputs("usage: unwiped KEY CMD...\n", stderr);
		return FAILED;
	}
	traced = fork();
	if (!traced) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) || raise(SIGSTOP))
			_exit(FAILED);
		execvp(argv[2], argv + 2);
		_exit(FAILED);
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	return traced < 0 ? FAILED : trace();
}
