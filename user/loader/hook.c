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
	return info.xdp.ifindex == hook->ifindex;
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
