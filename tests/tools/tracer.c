// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * tracer [--on SIGNAL] N CMD...: run CMD, and send it SIGKILL right after its N-th system call that changed something
 * which outlives the process. With --on, SIGNAL is sent to CMD when it first sleeps, and system calls are counted from
 * then on. The last system call is printed on standard error.
 *
 * Exit status 0: CMD was killed there. 3: there were fewer such system calls; CMD has exited with status 0, or was
 * killed while it slept. 1: any other case.
 *
 * The moment of a kill between two lasting changes does not matter: the results of the system calls in between
 * (programs, maps and links without a pin, sockets, memberships, locks, mappings) belong to descriptors and memory that
 * are freed with the process. So these system calls are not counted. System calls that only read, and failed ones, are
 * not counted either. All others are counted, also unknown ones.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLED = 0, FAILED = 1, TOO_FEW = 3 };

struct tracing {
	pid_t pid;
	unsigned long wanted, counted;
	int on_signal; /* to be sent; before that nothing is counted; 0: none */
};

/* System calls that never change anything which outlives the process. They run without a stop. */
static const int harmless[] = {
	SYS_read, SYS_pread64, SYS_readv, SYS_lseek, SYS_close, SYS_newfstatat, SYS_statx, SYS_fstat, SYS_statfs,
	SYS_fstatfs, SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_getdents64, SYS_mmap, SYS_munmap,
	SYS_mprotect, SYS_mremap, SYS_madvise, SYS_brk, SYS_futex, SYS_uname, SYS_getpid, SYS_gettid, SYS_getuid,
	SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getrandom, SYS_prlimit64, SYS_prctl, SYS_capget, SYS_capset,
	SYS_clock_gettime, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_signalfd4, SYS_set_tid_address,
	SYS_set_robust_list, SYS_sigaltstack, SYS_rseq, SYS_timerfd_create, SYS_timerfd_settime, SYS_epoll_create1, SYS_epoll_ctl,
	SYS_dup, SYS_dup3, SYS_fcntl, SYS_flock, SYS_socket, SYS_bind, SYS_connect, SYS_setsockopt, SYS_getsockopt,
	SYS_getsockname, SYS_recvfrom, SYS_recvmsg, SYS_recvmmsg, SYS_pidfd_open, SYS_execve, SYS_exit, SYS_exit_group,
#ifdef __x86_64__
	SYS_access, SYS_stat, SYS_lstat, SYS_readlink, SYS_dup2, SYS_getdents, SYS_arch_prctl, SYS_time,
#endif
};

#define HARMLESS_COUNT (sizeof(harmless) / sizeof(harmless[0]))

/* Stop this process at every system call that is not in the list. */
static int stop_at_others(void)
{
	struct sock_filter code[2 * HARMLESS_COUNT + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = { .len = 1, .filter = code };

	for (size_t i = 0; i < HARMLESS_COUNT; i++) {
		code[program.len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned int)harmless[i], 0, 1);
		code[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	code[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static const char *const bpf_lasting[] = {
	[BPF_MAP_UPDATE_ELEM] = "BPF_MAP_UPDATE_ELEM", [BPF_MAP_DELETE_ELEM] = "BPF_MAP_DELETE_ELEM",
	[BPF_OBJ_PIN] = "BPF_OBJ_PIN", [BPF_PROG_ATTACH] = "BPF_PROG_ATTACH", [BPF_PROG_DETACH] = "BPF_PROG_DETACH",
	[BPF_MAP_LOOKUP_AND_DELETE_ELEM] = "BPF_MAP_LOOKUP_AND_DELETE_ELEM",
	[BPF_MAP_LOOKUP_AND_DELETE_BATCH] = "BPF_MAP_LOOKUP_AND_DELETE_BATCH",
	[BPF_MAP_UPDATE_BATCH] = "BPF_MAP_UPDATE_BATCH", [BPF_MAP_DELETE_BATCH] = "BPF_MAP_DELETE_BATCH",
	[BPF_LINK_UPDATE] = "BPF_LINK_UPDATE", [BPF_LINK_DETACH] = "BPF_LINK_DETACH",
};

/* These commands make objects without a pin, or make none. */
static bool bpf_is_harmless(unsigned long command)
{
	switch (command) {
	case BPF_MAP_CREATE: case BPF_MAP_LOOKUP_ELEM: case BPF_MAP_GET_NEXT_KEY: case BPF_PROG_LOAD:
	case BPF_OBJ_GET: case BPF_PROG_TEST_RUN: case BPF_PROG_GET_NEXT_ID: case BPF_MAP_GET_NEXT_ID:
	case BPF_PROG_GET_FD_BY_ID: case BPF_MAP_GET_FD_BY_ID: case BPF_OBJ_GET_INFO_BY_FD: case BPF_PROG_QUERY:
	case BPF_BTF_LOAD: case BPF_BTF_GET_FD_BY_ID: case BPF_TASK_FD_QUERY: case BPF_MAP_FREEZE:
	case BPF_BTF_GET_NEXT_ID: case BPF_MAP_LOOKUP_BATCH: case BPF_LINK_CREATE: case BPF_LINK_GET_FD_BY_ID:
	case BPF_LINK_GET_NEXT_ID: case BPF_ITER_CREATE: case BPF_PROG_BIND_MAP:
		return true;
	default:
		return false;
	}
}

static bool peek(const struct tracing *t, unsigned long long address, void *to, size_t bytes)
{
	for (size_t done = 0; done < bytes; done += sizeof(long)) {
		size_t part = bytes - done < sizeof(long) ? bytes - done : sizeof(long);
		long word;

		errno = 0;
		word = ptrace(PTRACE_PEEKDATA, t->pid, address + done, NULL);
		if (errno)
			return false;
		memcpy((char *)to + done, &word, part);
	}
	return true;
}

/*
 * Is it only a GET? The types of rtnetlink requests are in groups of four: new, del, get, set. Other messages count as
 * changes.
 */
static bool only_asks(const struct tracing *t, unsigned long long message, unsigned long long length)
{
	struct nlmsghdr nlh;

	return length >= sizeof(nlh) && peek(t, message, &nlh, sizeof(nlh)) && nlh.nlmsg_len == length &&
	       nlh.nlmsg_type >= RTM_BASE && nlh.nlmsg_type < RTM_MAX && (nlh.nlmsg_type & 3) == 2;
}

/* Does it sleep without a timeout? */
static bool is_sleep(const struct __ptrace_syscall_info *call)
{
#ifdef SYS_poll
	if (call->seccomp.nr == SYS_poll)
		return (int)call->seccomp.args[2] < 0;
#endif
	return call->seccomp.nr == SYS_ppoll && !call->seccomp.args[2];
}

/* Does the system call change something lasting if it succeeds? Writes its name to NAME. */
static bool is_lasting(const struct tracing *t, const struct __ptrace_syscall_info *call, char *name, size_t room)
{
	const uint64_t *args = call->seccomp.args;

	snprintf(name, room, "system call %llu", (unsigned long long)call->seccomp.nr);
	switch (call->seccomp.nr) {
	case SYS_bpf:
		if (args[0] < sizeof(bpf_lasting) / sizeof(bpf_lasting[0]) && bpf_lasting[args[0]])
			snprintf(name, room, "%s", bpf_lasting[args[0]]);
		else
			snprintf(name, room, "bpf command %llu", (unsigned long long)args[0]);
		return !bpf_is_harmless(args[0]);
	case SYS_openat:
		return args[2] & (O_CREAT | O_TRUNC);
#ifdef SYS_open
	case SYS_open:
		return args[1] & (O_CREAT | O_TRUNC);
	case SYS_poll:
#endif
	case SYS_ppoll:
		return false;
	case SYS_kill: /* signal 0 only checks whether the process exists */
		return args[1];
	case SYS_write:
	case SYS_writev:
		return args[0] > STDERR_FILENO;
	case SYS_sendto:
		snprintf(name, room, "sendto");
		return !only_asks(t, args[1], args[2]);
	case SYS_ioctl:
		return args[1] != TCGETS && args[1] != TIOCGWINSZ && (args[1] < SIOCGIFNAME || args[1] > SIOCGIFINDEX);
	default:
		return true;
	}
}

static const struct {
	long number;
	const char *name;
} names[] = {
	{ SYS_mkdirat, "mkdirat" }, { SYS_unlinkat, "unlinkat" }, { SYS_fchmodat, "fchmodat" },
	{ SYS_pidfd_send_signal, "pidfd_send_signal" },
#ifdef __x86_64__
	{ SYS_mkdir, "mkdir" }, { SYS_rmdir, "rmdir" }, { SYS_unlink, "unlink" }, { SYS_chmod, "chmod" },
#endif
};

static void name_call(const struct __ptrace_syscall_info *call, char *name, size_t room)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == (long)call->seccomp.nr)
			snprintf(name, room, "%s", names[i].name);
}

static int end(const struct tracing *t, int status, const char *after)
{
	int ended;

	kill(t->pid, SIGKILL);
	while (waitpid(t->pid, &ended, 0) == t->pid && !WIFSIGNALED(ended) && !WIFEXITED(ended))
		; /* it may still report an earlier stop */
	fprintf(stderr, "tracer: %s %lu, %s\n", status == KILLED ? "killed after call" : "slept after call",
		t->counted, after);
	return status;
}

/* The process has stopped at the entry of a system call that may count. Returns an exit status, or -1 to continue. */
static int on_call(struct tracing *t)
{
	struct __ptrace_syscall_info call = {};
	char name[64];
	int status;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(call), &call) <= 0)
		return FAILED;
	if (is_sleep(&call)) {
		if (!t->on_signal)
			return end(t, TOO_FEW, "in its sleep");
		kill(t->pid, t->on_signal);
		t->on_signal = 0;
		return -1;
	}
	if (t->on_signal || !is_lasting(t, &call, name, sizeof(name)))
		return -1;
	name_call(&call, name, sizeof(name));
	/* continue to the exit of the system call, where its result is known */
	if (ptrace(PTRACE_SYSCALL, t->pid, NULL, NULL) || waitpid(t->pid, &status, 0) != t->pid)
		return FAILED;
	if (!WIFSTOPPED(status) || WSTOPSIG(status) != (SIGTRAP | 0x80)) {
		fprintf(stderr, "tracer: lost it in %s\n", name);
		return FAILED;
	}
	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->pid, sizeof(call), &call) <= 0)
		return FAILED;
	if (!call.exit.is_error && ++t->counted == t->wanted)
		return end(t, KILLED, name);
	return -1;
}

static int trace(struct tracing *t)
{
	int status, result = -1;
	long deliver = 0;

	if (waitpid(t->pid, &status, 0) != t->pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, t->pid, NULL,
		   PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC))
		return FAILED;
	while (result < 0) {
		if (ptrace(PTRACE_CONT, t->pid, NULL, deliver) || waitpid(t->pid, &status, 0) != t->pid)
			return FAILED;
		deliver = 0;
		if (WIFEXITED(status)) {
			fprintf(stderr, "tracer: ended after call %lu, with status %d\n", t->counted, WEXITSTATUS(status));
			return WEXITSTATUS(status) ? FAILED : TOO_FEW;
		}
		if (!WIFSTOPPED(status))
			return FAILED;
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
			result = on_call(t);
		else if (WSTOPSIG(status) != SIGTRAP)
			deliver = WSTOPSIG(status);
	}
	return result;
}

int main(int argc, char **argv)
{
	struct tracing t = {};
	int next = 1;

	if (argc > 3 && !strcmp(argv[1], "--on")) {
		t.on_signal = (int)strtol(argv[2], NULL, 10);
		next = 3;
	}
	if (argc > next + 1)
		t.wanted = strtoul(argv[next++], NULL, 10);
	if (!t.wanted || t.on_signal < 0) {
		fputs("usage: tracer [--on SIGNAL] N CMD...\n", stderr);
		return FAILED;
	}
	t.pid = fork();
	if (!t.pid) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) || raise(SIGSTOP) || stop_at_others())
			_exit(127);
		execvp(argv[next], argv + next);
		_exit(127);
	}
	return t.pid < 0 ? FAILED : trace(&t);
}
