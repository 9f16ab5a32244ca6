// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A number stands behind its count of digits, so that the longer one is larger. One with a zero
 * in front is a fraction: its digits count from the left, and fewer zeros are more. All other
 * characters make room for the counts, which stand where the digits are.
 */
#include "natural.h"

#define COUNTS	  NATURAL_TEXT_MAX
#define ENDS_ZERO ':' /* above every digit: behind zeros, what is none is more than any */
#define ESCAPE	  0xff

_Static_assert('0' + NATURAL_TEXT_MAX < '9' + 1 + COUNTS, "counts end where the other characters begin");

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static uint8_t *put_digits_of(uint8_t *at, const char **text)
{
	while (is_digit(**text))
		*at++ = (uint8_t)*(*text)++;
	return at;
}

static uint8_t *put_fraction(uint8_t *at, const char **text)
{
	while (**text == '0')
		*at++ = (uint8_t)*(*text)++;
	if (is_digit(**text))
		return put_digits_of(at, text);
	*at = ENDS_ZERO;
	return at + 1;
}

static uint8_t *put_number(uint8_t *at, const char **text)
{
	uint8_t *end = put_digits_of(at + 1, text);

	*at = (uint8_t)('0' + (end - at - 1));
	return end;
}

static uint8_t *put_other(uint8_t *at, uint8_t c)
{
	if (c >= ESCAPE - COUNTS)
		*at++ = ESCAPE;
	*at = (uint8_t)(c < '0' || c >= ESCAPE - COUNTS ? c : c + COUNTS);
	return at + 1;
}

uint8_t *put_natural(uint8_t *at, const char *text)
{
	while (*text) {
		if (*text == '0')
			at = put_fraction(at, &text);
		else if (is_digit(*text))
			at = put_number(at, &text);
		else
			at = put_other(at, (uint8_t)*text++);
	}
	*at = 0;
	return at + 1;
}
