// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* In the order in which the kernel runs them: XDP, tcx, the filters of clsact. */
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <string.h>

#include "ahead.h"
#include "base/cleanup.h"
#include "net/hooks.h"
#include "net/netlink.h"

/* "" if it cannot be told, which takes CAP_SYS_ADMIN */
static void program_name(uint32_t id, char name[BPF_OBJ_NAME_LEN])
{
	struct bpf_prog_info info = {};
	uint32_t bytes = sizeof(info);
	owned_fd prog = bpf_prog_get_fd_by_id(id);

	if (prog < 0 || bpf_obj_get_info_by_fd(prog, &info, &bytes))
		info.name[0] = '\0';
	snprintf(name, BPF_OBJ_NAME_LEN, "%s", info.name);
}

static bool is_ours(uint32_t id)
{
	char name[BPF_OBJ_NAME_LEN];

	program_name(id, name);
	return !strcmp(name, "rollcall_tc") || !strcmp(name, "rollcall_xdp");
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

/* UNTIL_OURS: the filter is one of them, else behind them all. */
static bool ahead_tcx(uint32_t ifindex, bool until_ours, char text[AHEAD_BYTES])
{
	uint32_t ids[TCX_PROGRAMS_MAX];
	int count = hooks_tcx(ifindex, ids);

	for (int i = 0; i < count; i++) {
		if (!is_ours(ids[i]))
			return tell_program("tcx", ids[i], text);
		if (until_ours)
			break;
	}
	return false;
}

struct first_filter {
	uint32_t priority; /* 0: none yet */
	char kind[16];
	char name[32]; /* of a BPF program: "NAME:[ID]", as libbpf and tc have it */
};

static void read_filter_option(const struct nlattr *attr, void *context)
{
	struct first_filter *first = context;

	if (attr_type(attr) == TCA_BPF_NAME)
		attr_text(attr, first->name, sizeof(first->name));
}

static void read_filter_attribute(const struct nlattr *attr, void *context)
{
	struct first_filter *first = context;

	if (attr_type(attr) == TCA_KIND)
		attr_text(attr, first->kind, sizeof(first->kind));
	else if (attr_type(attr) == TCA_OPTIONS && !strcmp(first->kind, "bpf"))
		attr_walk_nested(attr, read_filter_option, first);
}

/* The kernel lists them in the order in which they run. One without a handle is the head of those behind it. */
static int read_filter(const struct nlmsghdr *message, void *context)
{
	const struct tcmsg *tcm = NLMSG_DATA(message);
	struct first_filter *first = context;

	if (first->priority || !tcm->tcm_handle)
		return 0;
	first->priority = TC_H_MAJ(tcm->tcm_info) >> 16;
	attr_walk(message, sizeof(*tcm), read_filter_attribute, first);
	return 0;
}

static bool ahead_clsact(uint32_t ifindex, char text[AHEAD_BYTES])
{
	struct netlink_request request;
	struct tcmsg *tcm = netlink_begin(&request, RTM_GETTFILTER, NLM_F_DUMP, sizeof(*tcm));
	struct first_filter first = {};

	tcm->tcm_ifindex = (int)ifindex;
	tcm->tcm_parent = TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS);
	if (netlink_ask(&request, read_filter, &first) || !first.priority || !strncmp(first.name, "rollcall_tc:", 12))
		return false;
	snprintf(text, AHEAD_BYTES, "tc filter %s%s%s with pref %u", first.kind, *first.name ? " " : "", first.name,
		 first.priority);
	return true;
}

bool ahead_find(const struct rollcall_attachment *a, char text[AHEAD_BYTES])
{
	bool is_clsact = a->mode == ROLLCALL_MODE_CLSACT;

	if (!is_clsact && a->mode != ROLLCALL_MODE_TCX)
		return false; /* XDP is first, and has one program */
	return ahead_xdp(a->ifindex, text) || ahead_tcx(a->ifindex, !is_clsact, text) ||
	       (is_clsact && ahead_clsact(a->ifindex, text));
}
