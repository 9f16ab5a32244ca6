// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Hangs somebody else's program at an interface by links, as bpftool cannot.
 *
 *	foreign native|generic|tcx IFACE PROGRAM_PIN LINK_PIN
 *	foreign tcx IFACE - LINK_PIN...		for each a program of its own, which does nothing
 */
#include <bpf/bpf.h>
#include <net/if.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "loader/hook.h"
#include "base/message.h"

static int load_idle(void)
{
	const struct bpf_insn instructions[] = { /* return TC_ACT_UNSPEC */
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "idle", "GPL", instructions, 2, NULL);
}

int main(int argc, char **argv)
{
	struct hook_order order;
	struct hook hook;
	int err = 0;

	if (argc < 5 || hook_order(argv[1], &order)) {
		fputs("usage: foreign native|generic|tcx IFACE PROGRAM_PIN LINK_PIN...\n", stderr);
		return 2;
	}
	hook = (struct hook){ .ifindex = if_nametoindex(argv[2]), .mode = order.modes[0] };
	for (int i = 4; !err && i < argc; i++) {
		owned_fd prog = *argv[3] == '-' ? load_idle() : bpf_obj_get(argv[3]);

		err = prog < 0 ? prog : hook_attach(&hook, argv[i], prog);
		if (err)
			fail(err, NULL, "cannot make link '%s'", argv[i]);
	}
	return err != 0;
}
