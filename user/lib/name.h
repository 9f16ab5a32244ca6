/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a hostname may be made of, as bpf/hostname.bpf.h has it, and which of them are believed. In
 * no locale: in a Turkish one, ISATAP and isatap are different names.
 */
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

static inline char hostname_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/*
 * May who announced it have it where programs look for names? Not what no announcement can carry,
 * nor what reads as an address, nor names that software asks for by itself and trusts (wpad,
 * isatap) or that mean this host (localhost), in any domain. Names with dots are DNS's: whether
 * they are allowed is the caller's to say.
 */
bool rollcall_name_is_free(const char *name);

#endif
