// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * clsact: changed by libbpf, asked about by rtnetlink. The filter of a table is known by its priority, its handle,
 * which is the table's own, and the name of its program. A qdisc that was there before stays, and so do all other
 * filters. After a filter that returns TC_ACT_UNSPEC, those of other handles run too (net/sched/cls_bpf.c).
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <net/if.h>
#include <string.h>

#include "base/message.h"
#include "hook_clsact.h"
#include "net/hooks.h"
#include "net/netlink.h"

#define INGRESS_PARENT TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)
#define EGRESS_PARENT  TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)

#define HOOK_OF(hook) \
	LIBBPF_OPTS(bpf_tc_hook, tc, .ifindex = (int)(hook)->ifindex, .attach_point = BPF_TC_INGRESS)
#define FILTER_OF(...) \
	LIBBPF_OPTS(bpf_tc_opts, filter, .handle = hook->handle, .priority = HOOK_CLSACT_PRIORITY, ##__VA_ARGS__)

/* What there is at an interface. */
struct found {
	uint32_t handle; /* to look for */
	bool filters;  /* of any program */
	bool in_place; /* one has our priority and that handle */
	bool ours;     /* and is of rollcall */
	struct hook_clsact *list; /* room for HOOK_CLSACT_MAX, or NULL */
	int count;
};

static int note_filter(const struct hooks_filter *filter, void *context)
{
	bool ours = !strncmp(filter->name, HOOKS_OUR_TC ":", strlen(HOOKS_OUR_TC ":"));
	struct found *found = context;

	found->filters = true;
	if (filter->priority != HOOK_CLSACT_PRIORITY || !filter->handle)
		return 0;
	if (filter->handle == found->handle) {
		found->in_place = true;
		found->ours = ours;
	}
	if (ours && found->list && found->count < HOOK_CLSACT_MAX)
		found->list[found->count++] = (struct hook_clsact){ filter->handle, filter->prog_id };
	return 0;
}

struct qdisc_search {
	int ifindex;
	bool found;
};

static int note_qdisc(const struct nlmsghdr *message, void *context)
{
	const struct tcmsg *tcm = NLMSG_DATA(message);
	struct qdisc_search *search = context;

	/* rtnetlink tells of every interface; ingress, the older kind, is in the same place */
	if (tcm->tcm_ifindex == search->ifindex && tcm->tcm_parent == TC_H_CLSACT)
		search->found = true;
	return 0;
}

/* When in doubt it is not ours: then nothing is removed that was there before. */
static bool has_qdisc(uint32_t ifindex)
{
	struct qdisc_search search = { .ifindex = (int)ifindex };
	struct netlink_request request;

	netlink_begin(&request, RTM_GETQDISC, NLM_F_DUMP, sizeof(struct tcmsg));
	return netlink_ask(&request, note_qdisc, &search) || search.found;
}

static struct found filters_at(const struct hook *hook, uint32_t parent)
{
	struct found found = { .handle = hook->handle };

	if (hooks_filters(hook->ifindex, parent, note_filter, &found))
		found.filters = true;
	return found;
}

/* Filters of others, also those of another table, keep it. Sets *KEPT to whether they do. */
static int remove_qdisc(const struct hook *hook, bool *kept)
{
	HOOK_OF(hook);

	*kept = false;
	if (!has_qdisc(hook->ifindex))
		return 0;
	*kept = filters_at(hook, INGRESS_PARENT).filters || filters_at(hook, EGRESS_PARENT).filters;
	if (*kept)
		return 0;
	tc.attach_point = (enum bpf_tc_attach_point)(BPF_TC_INGRESS | BPF_TC_EGRESS); /* both: the qdisc itself */
	return bpf_tc_hook_destroy(&tc);
}

/* Nobody removes it after the filters that keep it. */
static void report_kept(const struct hook *hook)
{
	char name[IF_NAMESIZE];

	if (if_indextoname(hook->ifindex, name))
		warn("%s: the clsact qdisc stays, because it has other filters ('tc qdisc del dev %s clsact' removes it)",
		     name, name);
}

void clsact_prepare(struct hook *hook)
{
	hook->made_qdisc = !has_qdisc(hook->ifindex);
}

int clsact_attach(struct hook *hook, int prog_fd)
{
	HOOK_OF(hook);
	FILTER_OF(.prog_fd = prog_fd);
	int err = hook->made_qdisc ? bpf_tc_hook_create(&tc) : 0;
	bool kept;

	if (err == -EEXIST) { /* somebody was faster */
		hook->made_qdisc = false;
		err = 0;
	}
	if (err)
		return err;
	err = filters_at(hook, INGRESS_PARENT).in_place ? -EEXIST : bpf_tc_attach(&tc, &filter);
	if (err && hook->made_qdisc)
		remove_qdisc(hook, &kept);
	return err;
}

int clsact_replace(const struct hook *hook, int prog_fd)
{
	HOOK_OF(hook);
	FILTER_OF(.prog_fd = prog_fd, .flags = BPF_TC_F_REPLACE);

	return bpf_tc_attach(&tc, &filter);
}

bool clsact_is_live(const struct hook *hook)
{
	return filters_at(hook, INGRESS_PARENT).ours;
}

int clsact_list(uint32_t ifindex, struct hook_clsact list[HOOK_CLSACT_MAX])
{
	struct found found = { .list = list };
	int err = hooks_filters(ifindex, INGRESS_PARENT, note_filter, &found);

	return err ? 0 : found.count;
}

int clsact_detach(const struct hook *hook)
{
	HOOK_OF(hook);
	FILTER_OF();
	bool was_live = clsact_is_live(hook), kept = false;
	int err = was_live ? bpf_tc_detach(&tc, &filter) : 0;

	/* the qdisc also when there is no filter: a kill came before it, or after it was removed */
	if (!err && hook->made_qdisc)
		err = remove_qdisc(hook, &kept);
	if (kept && was_live)
		report_kept(hook);
	return err;
}
