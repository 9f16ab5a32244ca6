// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Capabilities, by libcap-ng. */
#include <cap-ng.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "message.h"
#include "privilege.h"

/* CAP_SYS_ADMIN stands for the two younger ones, CAP_BPF and CAP_PERFMON. */
static bool have(unsigned int capability)
{
	return capng_have_capability(CAPNG_EFFECTIVE, capability) ||
	       (capability != CAP_NET_ADMIN && capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN));
}

const char *privilege_remedy(int err)
{
	if (err == -ENOSYS)
		return "this kernel is built without bpf(2): CONFIG_BPF_SYSCALL";
	if (err != -EPERM && err != -EACCES)
		return NULL;
	return have(CAP_BPF) ? "BPF is forbidden here: lockdown, a security module or a system-call filter" :
			       "run it as root";
}

int privilege_check(enum privilege privilege, const char *command)
{
	/* CAP_PERFMON: the verifier wants it for variable arithmetic on packet pointers */
	static const struct {
		unsigned int id;
		const char *name;
	} needed[] = { { CAP_BPF, "CAP_BPF" }, { CAP_NET_ADMIN, "CAP_NET_ADMIN" }, { CAP_PERFMON, "CAP_PERFMON" } };
	char missing[64] = "";

	if (privilege == PRIVILEGE_NONE)
		return 0;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (have(needed[i].id))
			continue;
		snprintf(missing + strlen(missing), sizeof(missing) - strlen(missing), " %s", needed[i].name);
	}
	if (!*missing)
		return 0;
	return fail(-EPERM, "run it as root, or with these capabilities", "'%s' needs%s", command, missing);
}
