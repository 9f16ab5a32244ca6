// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* XDP is asked about by rtnetlink, tcx by bpf(2). */
#include <linux/if_link.h>

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

static void read_attribute(const struct nlattr *attr, void *context)
{
	if (attr_type(attr) == IFLA_XDP)
		attr_walk_nested(attr, read_xdp, context);
}

static int read_link(const struct nlmsghdr *message, void *context)
{
	attr_walk(message, sizeof(struct ifinfomsg), read_attribute, context);
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
