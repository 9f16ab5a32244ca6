/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The order of strverscmp(3), host9 before host10, as bytes that compare one by one. */
#ifndef ROLLCALL_NATURAL_H
#define ROLLCALL_NATURAL_H

#include <stdint.h>

#define NATURAL_TEXT_MAX 66 /* characters that a text may have */
#define NATURAL_BYTES	 (2 * NATURAL_TEXT_MAX + 2)

/*
 * What memcmp() compares as strverscmp() compares TEXT; never one the beginning of another.
 * Returns the end; at most NATURAL_BYTES.
 */
uint8_t *put_natural(uint8_t *at, const char *text);

#endif
