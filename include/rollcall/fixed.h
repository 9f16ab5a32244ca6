/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An assertion about a fixed layout, for C and for C++, where the keyword differs. */
#ifndef ROLLCALL_FIXED_H
#define ROLLCALL_FIXED_H

#ifdef __cplusplus
#define ROLLCALL_FIXED(what, why) static_assert(what, why)
#else
#define ROLLCALL_FIXED(what, why) _Static_assert(what, why)
#endif

#endif
