// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * clsact: changed by libbpf, asked about by rtnetlink. Our filter is known by its priority and
 * handle, and by the name of its program; a qdisc that was there before, and whatever else hangs
 * in ours, stay.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <string.h>

#include "hook_clsact.h"
#include "net/netlink.h"

#define OUR_PRIORITY 49001
#define OUR_HANDLE   1
#define OUR_NAME     "rollcall_tc:" /* libbpf names a filter PROGRAM:[ID] */

#define INGRESS_PARENT TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)
#define EGRESS_PARENT  TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)

#define HOOK_OF(hook) \
	LIBBPF_OPTS(bpf_tc_hook, tc, .ifindex = (int)(hook)->ifindex, .attach_point = BPF_TC_INGRESS)
#define FILTER_OF(...) \
	LIBBPF_OPTS(bpf_tc_opts, filter, .handle = OUR_HANDLE, .priority = OUR_PRIORITY, ##__VA_ARGS__)

/* What there is at an interface. */
struct found {
	int ifindex;
	bool qdisc;
	bool filters;  /* anybody's */
	bool in_place; /* one has our priority and handle */
	bool ours;     /* and is ours */
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
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(nlh);
	struct found *found = context;

	/* rtnetlink tells of every interface; ingress, the older kind, is in the same place */
	if (tcm->tcm_ifindex == found->ifindex && tcm->tcm_parent == TC_H_CLSACT)
		found->qdisc = true;
	return 0;
}

static int read_option(const struct nlattr *attr, void *context)
{
	struct found *found = context;

	if (mnl_attr_get_type(attr) == TCA_BPF_NAME)
		found->ours = !strncmp(mnl_attr_get_str(attr), OUR_NAME, strlen(OUR_NAME));
	else if (mnl_attr_get_type(attr) == TCA_BPF_ID)
		found->prog_id = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

static int read_attribute(const struct nlattr *attr, void *context)
{
	return mnl_attr_get_type(attr) == TCA_OPTIONS ? mnl_attr_parse_nested(attr, read_option, context) : MNL_CB_OK;
}

static int note_filter(const struct nlmsghdr *nlh, void *context)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(nlh);
	struct found *found = context;

	found->filters = true;
	if (TC_H_MAJ(tcm->tcm_info) >> 16 != OUR_PRIORITY || tcm->tcm_handle != OUR_HANDLE)
		return 0;
	found->in_place = true;
	mnl_attr_parse(nlh, sizeof(*tcm), read_attribute, found);
	return 0;
}

/* When in doubt it is not ours: then nothing is removed that was there before. */
static bool has_qdisc(uint32_t ifindex)
{
	struct found found = { .ifindex = (int)ifindex };

	return ask(RTM_GETQDISC, 0, 0, note_qdisc, &found) || found.qdisc;
}

static struct found filters_at(uint32_t ifindex, uint32_t parent)
{
	struct found found = {};

	if (ask(RTM_GETTFILTER, (int)ifindex, parent, note_filter, &found))
		found.filters = true;
	return found;
}

/* Ours alone: what others hang into it meanwhile keeps it. */
static int remove_qdisc(const struct hook *hook)
{
	HOOK_OF(hook);

	if (!has_qdisc(hook->ifindex) || filters_at(hook->ifindex, INGRESS_PARENT).filters ||
	    filters_at(hook->ifindex, EGRESS_PARENT).filters)
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
	err = filters_at(hook->ifindex, INGRESS_PARENT).in_place ? -EEXIST : bpf_tc_attach(&tc, &filter);
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
	return filters_at(hook->ifindex, INGRESS_PARENT).ours;
}

uint32_t clsact_program(uint32_t ifindex)
{
	struct found found = filters_at(ifindex, INGRESS_PARENT);

	return found.ours ? found.prog_id : 0;
}

int clsact_detach(const struct hook *hook)
{
	HOOK_OF(hook);
	FILTER_OF();
	int err = clsact_is_live(hook) ? bpf_tc_detach(&tc, &filter) : 0;

	/* the qdisc also when there is no filter: a kill came before it, or after it was taken off */
	return err || !hook->made_qdisc ? err : remove_qdisc(hook);
}
