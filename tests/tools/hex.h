/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Bytes from hexadecimal digits, for the tools that send frames and payloads. */
#ifndef ROLLCALL_TESTS_HEX_H
#define ROLLCALL_TESTS_HEX_H

#include <stdlib.h>
#include <string.h>

/* Returns the number of bytes, or -1 if there are not an even number of hexadecimal digits, or too many. */
static inline int parse_hex(const char *hex, unsigned char *bytes, int room)
{
	int count = 0;

	for (; *hex; hex += 2) {
		char byte[3] = { hex[0], hex[1] };

		if (count == room || strspn(byte, "0123456789abcdefABCDEF") != 2)
			return -1;
		bytes[count++] = (unsigned char)strtoul(byte, NULL, 16);
	}
	return count;
}

#endif
