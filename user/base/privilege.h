/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which commands need which capabilities: asked first, because the kernel's own answers mislead. */
#ifndef ROLLCALL_PRIVILEGE_H
#define ROLLCALL_PRIVILEGE_H

enum privilege {
	PRIVILEGE_NONE,
	PRIVILEGE_ATTACH, /* CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON */
};

/* What to do about ERR as an answer of bpf(2), or NULL when there is nothing to say. */
const char *privilege_remedy(int err);

/* The same about ERR as an answer about a pin or its directory. */
const char *privilege_pin_remedy(int err);

/* Returns 0, or -EPERM, reported, with the capabilities that are missing. */
int privilege_check(enum privilege privilege, const char *command);

/*
 * Give up, for good, every capability but what a loader goes on needing: those of PRIVILEGE_ATTACH.
 * At first CAP_SYS_ADMIN stays too, which only starting may take. What is executed from then on gains none by
 * set-user-ID bits or file capabilities (no_new_privs). Return 0, or -errno, reported.
 */
int privilege_confine(void);
int privilege_confine_more(void);

/*
 * For a process that only reads tables: give up everything, for good. CAP_BPF stays where the kernel
 * rejects bpf(2) without it (before Linux 5.19, by kernel.unprivileged_bpf_disabled). Returns 0 or -errno, not
 * reported.
 */
int privilege_drop(void);

/* Report that capabilities could not be given up, because of ERR. Returns ERR. */
int privilege_kept(int err);

#endif
