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
#include "net/hooks.h"

/* The flag without a program that it refers to: at the head of the chain. Linux 6.6, as tcx itself. */
#ifndef BPF_F_BEFORE
#define BPF_F_BEFORE (1U << 3)
#endif

int hook_order(const char *mode_name, struct hook_order *order)
{
	static const struct {
		const char *name;
		struct hook_order order;
	} known[] = {
		/* what costs other traffic least comes first: with XDP a driver turns offloads off (docs/performance.md) */
		{ "auto", { { ROLLCALL_MODE_TCX, ROLLCALL_MODE_CLSACT, ROLLCALL_MODE_NATIVE, ROLLCALL_MODE_GENERIC }, 4 } },
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

static uint32_t link_flags(enum rollcall_mode mode)
{
	switch (mode) {
	case ROLLCALL_MODE_NATIVE:
		return XDP_FLAGS_DRV_MODE;
	case ROLLCALL_MODE_GENERIC:
		return XDP_FLAGS_SKB_MODE;
	default: /* a program ahead that returns TC_ACT_OK would hide every frame */
		return BPF_F_BEFORE;
	}
}

int hook_attach(struct hook *hook, const char *pin, int prog_fd)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = link_flags(hook->mode));
	owned_fd link = -1;

	if (hook->mode == ROLLCALL_MODE_CLSACT)
		return clsact_attach(hook, prog_fd);
	link = bpf_link_create(prog_fd, (int)hook->ifindex,
			       hook->mode == ROLLCALL_MODE_TCX ? TCX_INGRESS : BPF_XDP, &opts);
	if (link == -EINVAL && hook->mode == ROLLCALL_MODE_TCX)
		return -EOPNOTSUPP; /* a kernel without tcx */
	if (link < 0)
		return link;
	hook->linked = true;
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
	return hook->mode == ROLLCALL_MODE_TCX ? hooks_tcx_runs(hook->ifindex, info.prog_id) :
						 hooks_xdp_runs(hook->ifindex, info.prog_id);
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
