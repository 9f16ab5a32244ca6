/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The tc hook of kernels before 6.6: a filter on the clsact qdisc. See hook.h for the calls. */
#ifndef ROLLCALL_HOOK_CLSACT_H
#define ROLLCALL_HOOK_CLSACT_H

#include "hook.h"

void clsact_prepare(struct hook *hook);
int clsact_attach(struct hook *hook, int prog_fd);
int clsact_replace(const struct hook *hook, int prog_fd);
bool clsact_is_live(const struct hook *hook);
int clsact_detach(const struct hook *hook);
int clsact_list(uint32_t ifindex, struct hook_clsact found[HOOK_CLSACT_MAX]);

#endif
