/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where a filter hangs at an interface: native or generic XDP, a tcx link, or a clsact filter.
 * Knows programs and interfaces, not the table.
 *
 * XDP and tcx are held by a bpf_link pinned at PIN, so they survive their loader. A clsact
 * filter needs no pin: it stays until it is removed.
 */
#ifndef ROLLCALL_HOOK_H
#define ROLLCALL_HOOK_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/attachment.h>

/* Modes to try, in order, until one takes. */
struct hook_order {
	enum rollcall_mode modes[4];
	int count;
};

/* From --mode: auto, native, generic, tc, tcx or clsact. Returns 0, or -EINVAL, not reported. */
int hook_order(const char *mode_name, struct hook_order *order);

/* Does MODE take the tc program, not the XDP one? */
static inline bool hook_is_tc(enum rollcall_mode mode)
{
	return mode == ROLLCALL_MODE_TCX || mode == ROLLCALL_MODE_CLSACT;
}

struct hook {
	uint32_t ifindex;
	enum rollcall_mode mode;
	uint32_t handle; /* clsact: of the filter; the table's own (hooking.c), so that several tables have a place */
	bool linked;	 /* the link was made, whatever became of its pin */
	bool made_qdisc; /* clsact: the qdisc was not there before, or not when it was prepared */
};

/*
 * Find out what attaching will make. With that recorded first, a kill in the midst of attaching
 * leaves nothing that hook_is_live() and hook_detach() do not know of.
 */
void hook_prepare(struct hook *hook);
/* Hang PROG_FD in. Returns 0 or -errno, not reported; then nothing was changed. */
int hook_attach(struct hook *hook, const char *pin, int prog_fd);
/* Put PROG_FD in the place of the program that hangs there, without a gap. 0 or -errno, not reported. */
int hook_replace(const struct hook *hook, const char *pin, int prog_fd);
/* Is it still there? An interface deleted meanwhile takes its hooks along. */
bool hook_is_live(const struct hook *hook, const char *pin);
/* Remove what hook_attach() made, and nothing else. What is gone already is no error. */
int hook_detach(const struct hook *hook, const char *pin);

/*
 * The priority of clsact filters: all but first, because a filter ahead that returns TC_ACT_OK hides every frame. 1 is
 * left to others: two kinds of filters cannot share a priority. tc gives its own numbers from 49152 downwards.
 */
#define HOOK_CLSACT_PRIORITY 2

/* What to say of a clsact filter that is left; DEV is a literal: the name of the interface, or a format for it. */
#define HOOK_CLSACT_REMOVE(dev) "'tc filter del dev " dev " ingress pref 2' removes " /* HOOK_CLSACT_PRIORITY */

/* A clsact filter of rollcall at an interface, recorded or not, of whatever table. */
struct hook_clsact {
	uint32_t handle, prog_id;
};
#define HOOK_CLSACT_MAX 16

/* Find them. Returns how many, at most HOOK_CLSACT_MAX. */
int hook_clsact_list(uint32_t ifindex, struct hook_clsact found[HOOK_CLSACT_MAX]);

#endif
