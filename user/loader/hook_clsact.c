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
#include <string.h>

#include "hook_clsact.h"
#include "net/netlink.h"

#define OUR_NAME     "rollcall_tc:" /* libbpf names a filter PROGRAM:[ID] */

#define INGRESS_PARENT TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)
#define EGRESS_PARENT  TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)

#define HOOK_OF(hook) \
	LIBBPF_OPTS(bpf_tc_hook, tc, .ifindex = (int)(hook)->ifindex, .attach_point = BPF_TC_INGRESS)
#define FILTER_OF(...) \
	LIBBPF_OPTS(bpf_tc_opts, filter, .handle = hook->handle, .priority = HOOK_CLSACT_PRIORITY, ##__VA_ARGS__)

/* What there is at an interface. */
struct found {
	int ifindex;
	uint32_t handle; /* to look for */
	bool qdisc;
	bool filters;  /* of any program */
	bool in_place; /* one has our priority and that handle */
	bool ours;     /* and is of rollcall */
	struct hook_clsact *list; /* room for HOOK_CLSACT_MAX, or NULL */
	int count;
};

/* One filter, as it is read. */
struct filter_read {
	bool ours;
	uint32_t prog_id;
};

/* Let NOTE look at each qdisc or filter there is. Returns 0 or -errno. What is not there is no error. */
static int ask(uint16_t type, int ifindex, uint32_t parent, netlink_visit note, struct found *found)
{
	struct netlink_request request;
	struct tcmsg *tcm = netlink_begin(&request, type, NLM_F_DUMP, sizeof(*tcm));

	tcm->tcm_ifindex = ifindex;
	tcm->tcm_parent = parent;
	return netlink_ask(&request, note, found);
}

static int note_qdisc(const struct nlmsghdr *nlh, void *context)
{
	const struct tcmsg *tcm = NLMSG_DATA(nlh);
	struct found *found = context;

	/* rtnetlink tells of every interface; ingress, the older kind, is in the same place */
	if (tcm->tcm_ifindex == found->ifindex && tcm->tcm_parent == TC_H_CLSACT)
		found->qdisc = true;
	return 0;
}

static void read_option(const struct nlattr *attr, void *context)
{
	char name[sizeof(OUR_NAME)];
	struct filter_read *read = context;

	if (attr_type(attr) == TCA_BPF_NAME) {
		attr_text(attr, name, sizeof(name));
		read->ours = !strcmp(name, OUR_NAME);
	} else if (attr_type(attr) == TCA_BPF_ID) {
		read->prog_id = attr_u32(attr);
	}
}

static void read_attribute(const struct nlattr *attr, void *context)
{
	if (attr_type(attr) == TCA_OPTIONS)
		attr_walk_nested(attr, read_option, context);
}

static int note_filter(const struct nlmsghdr *nlh, void *context)
{
	const struct tcmsg *tcm = NLMSG_DATA(nlh);
	struct filter_read read = {};
	struct found *found = context;

	found->filters = true;
	if (TC_H_MAJ(tcm->tcm_info) >> 16 != HOOK_CLSACT_PRIORITY || !tcm->tcm_handle)
		return 0;
	attr_walk(nlh, sizeof(*tcm), read_attribute, &read);
	if (tcm->tcm_handle == found->handle) {
		found->in_place = true;
		found->ours = read.ours;
	}
	if (read.ours && found->list && found->count < HOOK_CLSACT_MAX)
		found->list[found->count++] = (struct hook_clsact){ tcm->tcm_handle, read.prog_id };
	return 0;
}

/* When in doubt it is not ours: then nothing is removed that was there before. */
static bool has_qdisc(uint32_t ifindex)
{
	struct found found = { .ifindex = (int)ifindex };

	return ask(RTM_GETQDISC, 0, 0, note_qdisc, &found) || found.qdisc;
}

static struct found filters_at(const struct hook *hook, uint32_t parent)
{
	struct found found = { .handle = hook->handle };

	if (ask(RTM_GETTFILTER, (int)hook->ifindex, parent, note_filter, &found))
		found.filters = true;
	return found;
}

/* Ours alone: what others hang into it meanwhile keeps it. */
static int remove_qdisc(const struct hook *hook)
{
	HOOK_OF(hook);

	if (!has_qdisc(hook->ifindex) || filters_at(hook, INGRESS_PARENT).filters ||
	    filters_at(hook, EGRESS_PARENT).filters)
		return 0;
	tc.attach_point = (enum bpf_tc_attach_point)(BPF_TC_INGRESS | BPF_TC_EGRESS); /* both: the qdisc itself */
	return bpf_tc_hook_destroy(&tc);
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

	if (err == -EEXIST) { /* somebody was faster */
		hook->made_qdisc = false;
		err = 0;
	}
	if (err)
		return err;
	err = filters_at(hook, INGRESS_PARENT).in_place ? -EEXIST : bpf_tc_attach(&tc, &filter);
	if (err && hook->made_qdisc)
		remove_qdisc(hook);
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
	int err = ask(RTM_GETTFILTER, (int)ifindex, INGRESS_PARENT, note_filter, &found);

	return err ? 0 : found.count;
}

int clsact_detach(const struct hook *hook)
{
	HOOK_OF(hook);
	FILTER_OF();
	int err = clsact_is_live(hook) ? bpf_tc_detach(&tc, &filter) : 0;

	/* the qdisc also when there is no filter: a kill came before it, or after it was taken off */
	return err || !hook->made_qdisc ? err : remove_qdisc(hook);
}
