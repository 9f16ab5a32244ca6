// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* XDP programs and tc filters are queried by rtnetlink, tcx programs by bpf(2). */
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <string.h>

#include "hooks.h"
#include "netlink.h"

static void read_xdp(const struct nlattr *attr, void *context)
{
	struct xdp_programs *found = context;

	switch (attr_type(attr)) {
	case IFLA_XDP_DRV_PROG_ID:
		found->native = attr_u32(attr);
		break;
	case IFLA_XDP_SKB_PROG_ID:
		found->generic = attr_u32(attr);
		break;
	case IFLA_XDP_HW_PROG_ID:
		found->offloaded = attr_u32(attr);
		break;
	}
}

static void read_link_attribute(const struct nlattr *attr, void *context)
{
	if (attr_type(attr) == IFLA_XDP)
		attr_walk_nested(attr, read_xdp, context);
}

static int read_link(const struct nlmsghdr *message, void *context)
{
	attr_walk(message, sizeof(struct ifinfomsg), read_link_attribute, context);
	return 0;
}

int hooks_xdp(uint32_t ifindex, struct xdp_programs *found)
{
	struct netlink_request request;
	struct ifinfomsg *link = netlink_begin(&request, RTM_GETLINK, 0, sizeof(*link));

	*found = (struct xdp_programs){};
	link->ifi_index = (int)ifindex;
	return netlink_ask(&request, read_link, found);
}

bool hooks_xdp_runs(uint32_t ifindex, uint32_t prog_id)
{
	struct xdp_programs found;

	return !hooks_xdp(ifindex, &found) && (found.native == prog_id || found.generic == prog_id);
}

static int set_native(uint32_t ifindex, int prog_fd, int expected_fd, uint32_t flags, char why[NETLINK_WHY_BYTES])
{
	struct netlink_request request;
	struct ifinfomsg *link = netlink_begin(&request, RTM_SETLINK, 0, sizeof(*link));
	struct nlattr *xdp;

	link->ifi_index = (int)ifindex;
	flags |= XDP_FLAGS_DRV_MODE;
	xdp = netlink_nest(&request, IFLA_XDP | NLA_F_NESTED);
	netlink_put(&request, IFLA_XDP_FD, &prog_fd, sizeof(prog_fd));
	netlink_put(&request, IFLA_XDP_FLAGS, &flags, sizeof(flags));
	if (flags & XDP_FLAGS_REPLACE)
		netlink_put(&request, IFLA_XDP_EXPECTED_FD, &expected_fd, sizeof(expected_fd));
	netlink_nest_end(&request, xdp);
	return netlink_change(&request, why);
}

/* If the driver accepts the program this time, it is detached again: rollcall attaches programs by a BPF link. */
void hooks_native_refusal(uint32_t ifindex, int prog_fd, char why[NETLINK_WHY_BYTES])
{
	char unused[NETLINK_WHY_BYTES];

	if (!set_native(ifindex, prog_fd, -1, XDP_FLAGS_UPDATE_IF_NOEXIST, why))
		set_native(ifindex, -1, prog_fd, XDP_FLAGS_REPLACE, unused);
}

int hooks_tcx(uint32_t ifindex, uint32_t ids[TCX_PROGRAMS_MAX])
{
	uint32_t count = TCX_PROGRAMS_MAX;
	int err = bpf_prog_query((int)ifindex, TCX_INGRESS, 0, NULL, ids, &count);

	return err ? err : (int)count;
}

bool hooks_tcx_runs(uint32_t ifindex, uint32_t prog_id)
{
	uint32_t ids[TCX_PROGRAMS_MAX];
	int count = hooks_tcx(ifindex, ids);

	for (int i = 0; i < count; i++)
		if (ids[i] == prog_id)
			return true;
	return false;
}

static void read_filter_option(const struct nlattr *attr, void *context)
{
	struct hooks_filter *filter = context;

	if (attr_type(attr) == TCA_BPF_NAME)
		attr_text(attr, filter->name, sizeof(filter->name));
	else if (attr_type(attr) == TCA_BPF_ID)
		filter->prog_id = attr_u32(attr);
}

/* The kernel sends the kind first (tcf_fill_node() in net/sched/cls_api.c). */
static void read_filter_attribute(const struct nlattr *attr, void *context)
{
	struct hooks_filter *filter = context;

	if (attr_type(attr) == TCA_KIND)
		attr_text(attr, filter->kind, sizeof(filter->kind));
	else if (attr_type(attr) == TCA_OPTIONS && !strcmp(filter->kind, "bpf"))
		attr_walk_nested(attr, read_filter_option, filter);
}

struct filter_walk {
	hooks_filter_visit visit;
	void *context;
};

static int read_filter(const struct nlmsghdr *message, void *context)
{
	const struct tcmsg *tcm = NLMSG_DATA(message);
	const struct filter_walk *walk = context;
	struct hooks_filter filter = { .priority = tcm->tcm_info >> 16, .handle = tcm->tcm_handle };

	attr_walk(message, sizeof(*tcm), read_filter_attribute, &filter);
	return walk->visit(&filter, walk->context);
}

int hooks_filters(uint32_t ifindex, uint32_t parent, hooks_filter_visit visit, void *context)
{
	struct netlink_request request;
	struct tcmsg *tcm = netlink_begin(&request, RTM_GETTFILTER, NLM_F_DUMP, sizeof(*tcm));
	struct filter_walk walk = { visit, context };

	tcm->tcm_ifindex = (int)ifindex;
	tcm->tcm_parent = parent;
	return netlink_ask(&request, read_filter, &walk);
}
