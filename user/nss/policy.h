/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which names are answered at all, whatever the table says: anyone on the segment can write to it. */
#ifndef ROLLCALL_NSS_POLICY_H
#define ROLLCALL_NSS_POLICY_H

#include <stdbool.h>

#define NSS_CONF "/etc/rollcall/nss.conf"

/* What the configuration says; read at the first name that it matters to. Zeroed: not read yet. */
struct nss_policy {
	bool is_read, dots;
};

bool policy_allows(struct nss_policy *policy, const char *name);

#endif
