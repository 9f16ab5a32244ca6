// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * programs IFACE: print the BPF programs at its XDP and tcx hooks, one per line: "native 17 rollcall_xdp". tc(8) lists
 * those of clsact. Older versions of bpftool do not list tcx.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define TCX_INGRESS ((enum bpf_attach_type)46)

static int fail_query(const char *what, int err)
{
	fprintf(stderr, "programs: %s: %s\n", what, strerror(-err));
	return 1;
}

static void print(const char *hook, uint32_t id)
{
	struct bpf_prog_info info = {};
	uint32_t bytes = sizeof(info);
	owned_fd fd = bpf_prog_get_fd_by_id(id);

	if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &bytes))
		printf("%s %u %s\n", hook, id, info.name);
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, xdp);
	LIBBPF_OPTS(bpf_prog_query_opts, tcx);
	int ifindex = argc == 2 ? (int)if_nametoindex(argv[1]) : 0, err;
	uint32_t ids[64] = {};

	if (!ifindex) {
		fputs("usage: programs IFACE\n", stderr);
		return 1;
	}
	err = bpf_xdp_query(ifindex, 0, &xdp);
	if (err)
		return fail_query("XDP", err);
	if (xdp.drv_prog_id)
		print("native", xdp.drv_prog_id);
	if (xdp.skb_prog_id)
		print("generic", xdp.skb_prog_id);
	tcx.prog_ids = ids;
	tcx.prog_cnt = sizeof(ids) / sizeof(ids[0]);
	err = bpf_prog_query_opts(ifindex, TCX_INGRESS, &tcx);
	if (err && err != -EINVAL && err != -ENOENT) /* these mean no such hook, before Linux 6.6 */
		return fail_query("tcx", err);
	for (uint32_t i = 0; !err && i < tcx.prog_cnt; i++)
		print("tcx", ids[i]);
	return 0;
}
