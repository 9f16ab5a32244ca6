// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * nobpf ERRNO[:COMMAND] CMD...: run CMD with bpf(2), or only its command COMMAND, failing with ERRNO, as if the kernel
 * lacks it (ENOSYS) or a policy forbids it (EPERM). nobpf kill CMD...: bpf(2) kills the process, as with the
 * system-call filters of many services. nobpf bounds CMD...: removing a capability from the bounding set fails (EPERM),
 * as by a policy. It is done by seccomp.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *colon = NULL;
	bool kills = argc > 2 && !strcmp(argv[1], "kill");
	bool bounds = argc > 2 && !strcmp(argv[1], "bounds");
	unsigned int number = bounds ? EPERM : argc > 2 ? (unsigned int)strtoul(argv[1], &colon, 10) & SECCOMP_RET_DATA : 0;
	unsigned int refusal = kills ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | number;
	bool of_one = bounds || (colon && *colon == ':');
	unsigned int command = bounds ? PR_CAPBSET_DROP : of_one ? (unsigned int)strtoul(colon + 1, NULL, 10) : 0;
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, bounds ? SYS_prctl : SYS_bpf, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)), /* the low half: little endian */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, command, 0, of_one),
		BPF_STMT(BPF_RET | BPF_K, refusal),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(filter) / sizeof(filter[0]), .filter = filter };

	if ((!number && !kills) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		fputs("usage: nobpf ERRNO[:COMMAND]|kill|bounds CMD...\n", stderr);
		return 2;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 1;
}
