/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a hostname may be made of, as bpf/hostname.bpf.h has it. In no locale. */
#ifndef ROLLCALL_LIB_NAME_H
#define ROLLCALL_LIB_NAME_H

#include <stdbool.h>

/* What it may begin with. */
static inline bool hostname_starts(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static inline bool hostname_has(char c)
{
	return hostname_starts(c) || c == '.' || c == '_' || c == '-';
}

#endif
