// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Attaches programs of other users to an interface by links, which bpftool cannot do.
 *
 *	foreign MODE IFACE PROGRAM_PIN LINK_PIN...
 *
 * MODE is native, generic, tcx (after existing programs) or tcx-first. Instead of PROGRAM_PIN, a new program can be
 * made for each link: "-" returns TC_ACT_UNSPEC, "ok" TC_ACT_OK, "drop" is for XDP and returns XDP_DROP, "pass" returns
 * XDP_PASS.
 *
 * MODE "over" replaces the program of existing links.
 */
#include <bpf/bpf.h>
#include <linux/if_link.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "net/hooks.h"

#define BEFORE (1U << 3) /* BPF_F_BEFORE */

static const struct {
	const char *name;
	enum bpf_attach_type type;
	uint32_t flags;
} modes[] = {
	{ "native", BPF_XDP, XDP_FLAGS_DRV_MODE },
	{ "generic", BPF_XDP, XDP_FLAGS_SKB_MODE },
	{ "tcx", TCX_INGRESS, 0 },
	{ "tcx-first", TCX_INGRESS, BEFORE },
};

static int load_returning(enum bpf_prog_type type, int verdict)
{
	const struct bpf_insn instructions[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = verdict },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = type == BPF_PROG_TYPE_XDP ? BPF_XDP : 0);

	return bpf_prog_load(type, "idle", "GPL", instructions, 2, &opts);
}

static int program_of(const char *pin)
{
	if (!strcmp(pin, "-"))
		return load_returning(BPF_PROG_TYPE_SCHED_CLS, TC_ACT_UNSPEC);
	if (!strcmp(pin, "drop"))
		return load_returning(BPF_PROG_TYPE_XDP, XDP_DROP);
	if (!strcmp(pin, "pass"))
		return load_returning(BPF_PROG_TYPE_XDP, XDP_PASS);
	return strcmp(pin, "ok") ? bpf_obj_get(pin) : load_returning(BPF_PROG_TYPE_SCHED_CLS, TC_ACT_OK);
}

static int put_over(const char *pin, const char *link_pin)
{
	owned_fd prog = program_of(pin), link = bpf_obj_get(link_pin);

	int err = prog < 0 ? prog : link < 0 ? link : bpf_link_update(link, prog, NULL);

	return err ? fail(err, NULL, "cannot put a program into link '%s'", link_pin) : 0;
}

int main(int argc, char **argv)
{
	size_t mode = 0;
	int err = 0;

	if (argc == 5 && !strcmp(argv[1], "over"))
		return put_over(argv[3], argv[4]) != 0;

	while (argc >= 5 && mode < sizeof(modes) / sizeof(modes[0]) && strcmp(modes[mode].name, argv[1]))
		mode++;
	if (argc < 5 || mode == sizeof(modes) / sizeof(modes[0])) {
		fputs("usage: foreign native|generic|tcx|tcx-first|over IFACE PROGRAM_PIN|-|ok|drop|pass LINK_PIN...\n", stderr);
		return 2;
	}
	for (int i = 4; !err && i < argc; i++) {
		LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = modes[mode].flags);
		owned_fd prog = program_of(argv[3]), link = -1;

		link = prog < 0 ? prog : bpf_link_create(prog, (int)if_nametoindex(argv[2]), modes[mode].type, &opts);
		err = link < 0 ? link : bpf_obj_pin(link, argv[i]);
		if (err)
			fail(err, NULL, "cannot make link '%s'", argv[i]);
	}
	return err != 0;
}
