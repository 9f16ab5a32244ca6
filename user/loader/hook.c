// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Hooking in by bpf_link; the older clsact way is in hook_clsact.c. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "hook.h"
#include "hook_clsact.h"
#include "base/message.h"
#include "net/netlink.h"

/* In newer kernels' enum bpf_attach_type than these headers may know: tcx, from 6.6 on. */
#define TCX_INGRESS ((enum bpf_attach_type)46)

int hook_order(const char *mode_name, struct hook_order *order)
{
	static const struct {
		const char *name;
		struct hook_order order;
	} known[] = {
		/* tc costs about what generic XDP costs and disturbs less: generic linearizes */
		{ "auto", { { ROLLCALL_MODE_NATIVE, ROLLCALL_MODE_TCX, ROLLCALL_MODE_GENERIC, ROLLCALL_MODE_CLSACT }, 4 } },
		{ "native", { { ROLLCALL_MODE_NATIVE }, 1 } },
		{ "generic", { { ROLLCALL_MODE_GENERIC }, 1 } },
		{ "tc", { { ROLLCALL_MODE_TCX, ROLLCALL_MODE_CLSACT }, 2 } },
		{ "tcx", { { ROLLCALL_MODE_TCX }, 1 } },
		{ "clsact", { { ROLLCALL_MODE_CLSACT }, 1 } },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(mode_name, known[i].name))
			continue;
		*order = known[i].order;
		return 0;
	}
	return -EINVAL;
}

void hook_prepare(struct hook *hook)
{
	hook->made_qdisc = false;
	if (hook->mode == ROLLCALL_MODE_CLSACT)
		clsact_prepare(hook);
}

int hook_attach(struct hook *hook, const char *pin, int prog_fd)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts,
		    .flags = hook->mode == ROLLCALL_MODE_NATIVE	 ? XDP_FLAGS_DRV_MODE :
			     hook->mode == ROLLCALL_MODE_GENERIC ? XDP_FLAGS_SKB_MODE : 0);
	owned_fd link = -1;

	if (hook->mode == ROLLCALL_MODE_CLSACT)
		return clsact_attach(hook, prog_fd);
	link = bpf_link_create(prog_fd, (int)hook->ifindex,
			       hook->mode == ROLLCALL_MODE_TCX ? TCX_INGRESS : BPF_XDP, &opts);
	if (link == -EINVAL && hook->mode == ROLLCALL_MODE_TCX) {
		verbose("this kernel has no tcx (Linux 6.6)");
		return -EOPNOTSUPP;
	}
	if (link < 0)
		return link;
	/* not pinned, the link goes when its descriptor does: nothing to roll back */
	return bpf_obj_pin(link, pin);
}

int hook_replace(const struct hook *hook, const char *pin, int prog_fd)
{
	owned_fd link = -1;

	if (hook->mode == ROLLCALL_MODE_CLSACT)
		return clsact_replace(hook, prog_fd);
	link = bpf_obj_get(pin);
	return link < 0 ? link : bpf_link_update(link, prog_fd, NULL);
}

/* The XDP program of an interface in each mode; 0: there is none. */
struct xdp_programs {
	uint32_t attached, native, generic;
};

static int read_xdp(const struct nlattr *attr, void *context)
{
	struct xdp_programs *found = context;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_XDP_PROG_ID: /* where one mode alone has a program */
		found->attached = mnl_attr_get_u32(attr);
		break;
	case IFLA_XDP_DRV_PROG_ID:
		found->native = mnl_attr_get_u32(attr);
		break;
	case IFLA_XDP_SKB_PROG_ID:
		found->generic = mnl_attr_get_u32(attr);
		break;
	}
	return MNL_CB_OK;
}

static int read_link_attribute(const struct nlattr *attr, void *context)
{
	return mnl_attr_get_type(attr) == IFLA_XDP ? mnl_attr_parse_nested(attr, read_xdp, context) : MNL_CB_OK;
}

static int read_link(const struct nlmsghdr *message, void *context)
{
	mnl_attr_parse(message, sizeof(struct ifinfomsg), read_link_attribute, context);
	return 0;
}

static bool xdp_runs(uint32_t ifindex, uint32_t prog_id)
{
	struct netlink_request request;
	struct ifinfomsg *link = netlink_begin(&request, RTM_GETLINK, 0, sizeof(*link));
	struct xdp_programs found = {};

	link->ifi_index = (int)ifindex;
	return !netlink_ask(&request, read_link, &found) &&
	       (found.attached == prog_id || found.native == prog_id || found.generic == prog_id);
}

static bool tcx_runs(uint32_t ifindex, uint32_t prog_id)
{
	uint32_t ids[64] = {}, count = sizeof(ids) / sizeof(ids[0]); /* BPF_MPROG_MAX in include/linux/bpf_mprog.h */

	if (bpf_prog_query((int)ifindex, TCX_INGRESS, 0, NULL, ids, &count))
		return false;
	for (uint32_t i = 0; i < count && i < sizeof(ids) / sizeof(ids[0]); i++)
		if (ids[i] == prog_id)
			return true;
	return false;
}

/*
 * A link tells the number of its interface in the interface's own network namespace. An interface that moved away
 * with its number leaves that number free here: so the one that has it here is asked for the program.
 */
bool hook_is_live(const struct hook *hook, const char *pin)
{
	owned_fd link = -1;
	struct bpf_link_info info = {};
	uint32_t bytes = sizeof(info);

	if (hook->mode == ROLLCALL_MODE_CLSACT)
		return clsact_is_live(hook);
	link = bpf_obj_get(pin);
	if (link < 0 || bpf_obj_get_info_by_fd(link, &info, &bytes))
		return false;
	/* both tell the interface in the same place; it is 0 once the link is defunct */
	if (info.xdp.ifindex != hook->ifindex)
		return false;
	return hook->mode == ROLLCALL_MODE_TCX ? tcx_runs(hook->ifindex, info.prog_id) :
						 xdp_runs(hook->ifindex, info.prog_id);
}

int hook_detach(const struct hook *hook, const char *pin)
{
	owned_fd link = -1;
	int err;

	if (hook->mode == ROLLCALL_MODE_CLSACT)
		return clsact_detach(hook);
	link = bpf_obj_get(pin);
	if (link < 0)
		return link == -ENOENT ? 0 : link;
	/* now, not when the last descriptor that somebody holds is closed */
	err = bpf_link_detach(link);
	if (err && err != -ENOLINK) /* -ENOLINK: it was defunct */
		verbose("detaching the link of interface %u: %s", hook->ifindex, strerror(-err));
	return unlink(pin) ? -errno : 0;
}

int hook_clsact_list(uint32_t ifindex, struct hook_clsact found[HOOK_CLSACT_MAX])
{
	return clsact_list(ifindex, found);
}
