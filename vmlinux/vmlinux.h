/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Kernel types, as far as the programs use them. Made by "make vmlinux" from vmlinux/types: change
 * that. Offsets here mean nothing: each access is relocated to where the running kernel has it.
 */
#ifndef ROLLCALL_VMLINUX_H
#define ROLLCALL_VMLINUX_H

typedef long long int __kernel_loff_t;
typedef __kernel_loff_t loff_t;

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct seq_file {
	loff_t index;
};

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	void *key;
	void *value;
};

#pragma clang attribute pop

#endif
