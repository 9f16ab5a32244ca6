// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * clsact by libbpf. Our filter is known by its priority and handle; a qdisc that was there
 * before, and whatever else hangs in ours, stay.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <time.h>

#include "hook_clsact.h"

#define OUR_PRIORITY 49001
#define OUR_HANDLE   1

#define INGRESS_PARENT TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)
#define EGRESS_PARENT  TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS)

#define HOOK_OF(hook) \
	LIBBPF_OPTS(bpf_tc_hook, tc, .ifindex = (int)(hook)->ifindex, .attach_point = BPF_TC_INGRESS)
#define FILTER_OF(...) \
	LIBBPF_OPTS(bpf_tc_opts, filter, .handle = OUR_HANDLE, .priority = OUR_PRIORITY, ##__VA_ARGS__)

/* libbpf says on standard error what the kernel answered, even "there is no such filter". */
static int no_print(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)format, (void)args;
	return 0;
}

static bool filter_is_there(const struct hook *hook)
{
	libbpf_print_fn_t print = libbpf_set_print(no_print);
	HOOK_OF(hook);
	FILTER_OF();
	int err = bpf_tc_query(&tc, &filter);

	libbpf_set_print(print);
	return !err;
}

static int note_filter(const struct nlmsghdr *nlh, void *found)
{
	(void)nlh;
	*(bool *)found = true;
	return MNL_CB_OK;
}

/* Does anybody's filter hang at PARENT (ingress or egress)? When in doubt, yes. */
static bool has_filters(uint32_t ifindex, uint32_t parent)
{
	char buffer[32 * 1024];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	bool found = false;
	struct tcmsg *tcm;
	ssize_t bytes;
	int more = MNL_CB_OK;

	if (!socket)
		return true;
	nlh->nlmsg_type = RTM_GETTFILTER;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	nlh->nlmsg_seq = 1;
	tcm = mnl_nlmsg_put_extra_header(nlh, sizeof(*tcm));
	tcm->tcm_ifindex = (int)ifindex;
	tcm->tcm_parent = parent;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		found = true;
	while (!found && more == MNL_CB_OK) {
		bytes = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		more = bytes < 0 ? MNL_CB_ERROR :
			mnl_cb_run(buffer, (size_t)bytes, 1, mnl_socket_get_portid(socket), note_filter, &found);
		if (more == MNL_CB_ERROR)
			found = true;
	}
	mnl_socket_close(socket);
	return found;
}

/* Ours alone: what others hang into it meanwhile keeps it. */
static int remove_qdisc(const struct hook *hook)
{
	HOOK_OF(hook);

	if (has_filters(hook->ifindex, INGRESS_PARENT) || has_filters(hook->ifindex, EGRESS_PARENT))
		return 0;
	tc.attach_point = (enum bpf_tc_attach_point)(BPF_TC_INGRESS | BPF_TC_EGRESS); /* both: the qdisc itself */
	return bpf_tc_hook_destroy(&tc);
}

int clsact_attach(struct hook *hook, int prog_fd)
{
	HOOK_OF(hook);
	FILTER_OF(.prog_fd = prog_fd);
	int err = bpf_tc_hook_create(&tc);

	if (err && err != -EEXIST)
		return err;
	hook->made_qdisc = !err;
	err = filter_is_there(hook) ? -EEXIST : bpf_tc_attach(&tc, &filter);
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
	return filter_is_there(hook);
}

int clsact_detach(const struct hook *hook)
{
	HOOK_OF(hook);
	FILTER_OF();
	int err;

	if (!filter_is_there(hook))
		return 0;
	err = bpf_tc_detach(&tc, &filter);
	return err || !hook->made_qdisc ? err : remove_qdisc(hook);
}
