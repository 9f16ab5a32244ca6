/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Somebody else calls this host's own name: cloned machines are common. */
#ifndef ROLLCALL_CLASH_H
#define ROLLCALL_CLASH_H

#include "write.h"

/* Warn, unless the address is one of this host or was told last. */
void clash_tell(const struct table_entry *heard, const char *ifname);

#endif
