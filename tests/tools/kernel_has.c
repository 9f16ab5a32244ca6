// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * kernel_has FEATURE: exit status 0 if the running kernel has the feature, 1 if not. The feature is tried, because
 * kernel versions are not reliable.
 *
 *	lookup_and_delete	removing an entry of a hash in one step, which rollcall requires
 *	tcx			links at the tc hook
 *	xdp_frags		XDP over frames in several buffers
 *	iterator		programs that iterate over a map: they require BTF, and some systems forbid them
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LOOPBACK    1 /* the ifindex of lo in every network namespace */
#define TCX_INGRESS ((enum bpf_attach_type)46)

static bool has_lookup_and_delete(void)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, "probe", sizeof(uint32_t), sizeof(uint64_t), 256, NULL);
	uint32_t key = 0;
	uint64_t value;

	return fd >= 0 && bpf_map_lookup_and_delete_elem(fd, &key, &value) && errno == ENOENT;
}

static bool has_tcx(void)
{
	uint32_t count = 0;

	return !bpf_prog_query(LOOPBACK, TCX_INGRESS, 0, NULL, NULL, &count);
}

static bool has_xdp_frags(void)
{
	static const struct bpf_insn pass[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = BPF_F_XDP_HAS_FRAGS);

	return bpf_prog_load(BPF_PROG_TYPE_XDP, "probe", "GPL", pass, sizeof(pass) / sizeof(pass[0]), &opts) >= 0;
}

static bool has_iterator(void)
{
	static const struct bpf_insn nothing[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_ITER);
	int id = libbpf_find_vmlinux_btf_id("bpf_map_elem", BPF_TRACE_ITER);

	if (id <= 0)
		return false;
	opts.attach_btf_id = (uint32_t)id;
	return bpf_prog_load(BPF_PROG_TYPE_TRACING, "probe", "GPL", nothing, sizeof(nothing) / sizeof(nothing[0]), &opts) >= 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		bool (*has)(void);
	} features[] = {
		{ "lookup_and_delete", has_lookup_and_delete },
		{ "tcx", has_tcx },
		{ "xdp_frags", has_xdp_frags },
		{ "iterator", has_iterator },
	};

	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		if (argc == 2 && !strcmp(argv[1], features[i].name))
			return !features[i].has();
	fprintf(stderr, "usage: kernel_has lookup_and_delete|tcx|xdp_frags|iterator\n");
	return 2;
}
