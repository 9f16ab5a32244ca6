/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which names the module answers. The table is not trusted, because any host on the segment can write to it. */
#ifndef ROLLCALL_NSS_POLICY_H
#define ROLLCALL_NSS_POLICY_H

#include <stdbool.h>

#define NSS_CONF "/etc/rollcall/nss.conf"

/* The configuration. It is read at the first name with dots, or entry without a seal. Zeroed: not read yet. */
struct nss_policy {
	bool is_read, dots, sealed_only;
};

/* May NAME be answered? */
bool policy_allows(struct nss_policy *policy, const char *name);

/* May only entries with a seal be answered? */
bool policy_is_sealed_only(struct nss_policy *policy);

#endif
