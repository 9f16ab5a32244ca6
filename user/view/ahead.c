// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Programs are checked in the order in which the kernel runs them: XDP, tcx, the filters of clsact. */
#include <errno.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <string.h>

#include "ahead.h"
#include "base/cleanup.h"
#include "net/hooks.h"

/* Write the name of a program, or "" if it cannot be read, which requires CAP_SYS_ADMIN. */
static void program_name(uint32_t id, char name[BPF_OBJ_NAME_LEN])
{
	struct bpf_prog_info info = {};
	uint32_t bytes = sizeof(info);
	owned_fd prog = bpf_prog_get_fd_by_id(id);

	if (prog < 0 || bpf_obj_get_info_by_fd(prog, &info, &bytes))
		info.name[0] = '\0';
	snprintf(name, BPF_OBJ_NAME_LEN, "%s", info.name);
}

static bool is_our_name(const char *name)
{
	return !strcmp(name, HOOKS_OUR_TC) || !strcmp(name, HOOKS_OUR_XDP);
}

static bool is_ours(uint32_t id)
{
	char name[BPF_OBJ_NAME_LEN];

	program_name(id, name);
	return is_our_name(name);
}

static bool tell_program(const char *hook, uint32_t id, char text[AHEAD_BYTES])
{
	char name[BPF_OBJ_NAME_LEN];

	program_name(id, name);
	if (*name)
		snprintf(text, AHEAD_BYTES, "%s program '%s' (id %u)", hook, name, id);
	else
		snprintf(text, AHEAD_BYTES, "%s program %u", hook, id);
	return true;
}

static bool ahead_xdp(uint32_t ifindex, char text[AHEAD_BYTES])
{
	struct xdp_programs xdp;
	uint32_t id;

	if (hooks_xdp(ifindex, &xdp))
		return false;
	id = xdp.native ? xdp.native : xdp.generic ? xdp.generic : xdp.offloaded;
	return id && !is_ours(id) && tell_program("XDP", id, text);
}

/*
 * UNTIL_OURS: the filter is a tcx program, so only programs before it count. Otherwise all of them run before it. The
 * result is that of ahead_find(). bpf_prog_query() in the kernel checks the capability first, also where there is no
 * tcx.
 */
static int ahead_tcx(uint32_t ifindex, bool until_ours, char text[AHEAD_BYTES])
{
	uint32_t ids[TCX_PROGRAMS_MAX];
	int count = hooks_tcx(ifindex, ids);

	for (int i = 0; i < count; i++) {
		if (!is_ours(ids[i]))
			return tell_program("tcx", ids[i], text);
		if (until_ours)
			break;
	}
	return count == -EPERM ? -EPERM : 0;
}

/* An entry without a handle is the head of the list of filters that follow. */
static int take_first(const struct hooks_filter *filter, void *context)
{
	if (!filter->handle)
		return 0;
	*(struct hooks_filter *)context = *filter;
	return 1;
}

static bool ahead_clsact(uint32_t ifindex, char text[AHEAD_BYTES])
{
	struct hooks_filter first = {};
	int found = hooks_filters(ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), take_first, &first);

	if (found != 1 || !strncmp(first.name, HOOKS_OUR_TC ":", strlen(HOOKS_OUR_TC ":")))
		return false;
	snprintf(text, AHEAD_BYTES, "tc filter %s%s%s with pref %u", first.kind, *first.name ? " " : "", first.name,
		 first.priority);
	return true;
}

int ahead_find(const struct rollcall_attachment *a, char text[AHEAD_BYTES])
{
	bool is_clsact = a->mode == ROLLCALL_MODE_CLSACT;
	int found;

	if (!is_clsact && a->mode != ROLLCALL_MODE_TCX)
		return 0; /* the XDP hook is first, and has one program */
	if (ahead_xdp(a->ifindex, text))
		return 1;
	found = ahead_tcx(a->ifindex, !is_clsact, text);
	return found != 1 && is_clsact && ahead_clsact(a->ifindex, text) ? 1 : found;
}

static bool misses_xdp(const struct rollcall_attachment *a)
{
	struct xdp_programs xdp;

	return !hooks_xdp(a->ifindex, &xdp) && !(a->mode == ROLLCALL_MODE_NATIVE ? xdp.native : xdp.generic);
}

/* A program whose name cannot be read may be the filter. */
static bool misses_tcx(const struct rollcall_attachment *a)
{
	uint32_t ids[TCX_PROGRAMS_MAX];
	int count = hooks_tcx(a->ifindex, ids);

	for (int i = 0; i < count; i++) {
		char name[BPF_OBJ_NAME_LEN];

		program_name(ids[i], name);
		if (!*name || is_our_name(name))
			return false;
	}
	return count >= 0;
}

static int take_filter(const struct hooks_filter *filter, void *context)
{
	(void)context;
	return filter->handle && !strncmp(filter->name, HOOKS_OUR_TC ":", strlen(HOOKS_OUR_TC ":"));
}

bool ahead_misses_filter(const struct rollcall_attachment *a)
{
	switch (a->mode) {
	case ROLLCALL_MODE_NATIVE:
	case ROLLCALL_MODE_GENERIC:
		return misses_xdp(a);
	case ROLLCALL_MODE_TCX:
		return misses_tcx(a);
	case ROLLCALL_MODE_CLSACT:
		return !hooks_filters(a->ifindex, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), take_filter, NULL);
	default:
		return true;
	}
}
