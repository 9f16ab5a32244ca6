/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The characters of a hostname, as in bpf/hostname.bpf.h, and the names that programs may trust. The functions
 * do not use the locale: in a Turkish one, ISATAP and isatap are different names.
 */
#ifndef ROLLCALL_LIB_NAME_H
#define ROLLCALL_LIB_NAME_H

#include <stdbool.h>

/* May a hostname begin with C? */
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
 * May a program that looks for NAME get the address of the host that announced it? Returns false for a name
 * that no announcement can have, for a name that reads as an address, and for names that software looks up
 * by itself and trusts (wpad, isatap) or that mean this host (localhost), in any domain. Names with dots belong
 * to DNS: the caller decides whether they are allowed.
 */
bool rollcall_name_is_free(const char *name);

#endif
