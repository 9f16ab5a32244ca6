/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is fixed of a layout, asserted in C and in C++, which is another word there. */
#ifndef ROLLCALL_FIXED_H
#define ROLLCALL_FIXED_H

#ifdef __cplusplus
#define ROLLCALL_FIXED(what, why) static_assert(what, why)
#else
#define ROLLCALL_FIXED(what, why) _Static_assert(what, why)
#endif

#endif
