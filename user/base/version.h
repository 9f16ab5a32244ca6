/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The version; the Makefile defines it. */
#ifndef ROLLCALL_VERSION_H
#define ROLLCALL_VERSION_H

#ifndef VERSION
#define VERSION "unknown"
#endif

#endif
