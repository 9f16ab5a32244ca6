/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Capabilities. They are checked before the first system call, because the errors of the kernel are misleading. */
#ifndef ROLLCALL_PRIVILEGE_H
#define ROLLCALL_PRIVILEGE_H

enum privilege {
	PRIVILEGE_NONE,
	PRIVILEGE_ATTACH, /* CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON */
};

/* What the user can do about ERR, the error of a bpf(2) call, or NULL. */
const char *privilege_remedy(int err);

/* The same for ERR as the error of opening a pin or its directory. */
const char *privilege_pin_remedy(int err);

/* Returns 0, or -EPERM, reported, with the capabilities that are missing. */
int privilege_check(enum privilege privilege, const char *command);

/*
 * Drop all capabilities permanently except those of PRIVILEGE_ATTACH. privilege_confine() also keeps CAP_SYS_ADMIN,
 * which may be needed to start; privilege_confine_more() drops it. Set-user-ID bits and file capabilities of executed
 * programs have no effect from then on (no_new_privs). Return 0 or -errno, reported.
 */
int privilege_confine(void);
int privilege_confine_more(void);

/*
 * Drop all capabilities permanently, in a process that only reads tables. CAP_BPF is kept if the kernel rejects bpf(2)
 * without it (before Linux 5.19, if kernel.unprivileged_bpf_disabled is set). Returns 0 or -errno, not reported.
 */
int privilege_drop(void);

/* Report that capabilities could not be dropped, because of ERR. Returns ERR. */
int privilege_kept(int err);

#endif
