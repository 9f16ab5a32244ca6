/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Texts for people. */
#ifndef ROLLCALL_TEXT_H
#define ROLLCALL_TEXT_H

/* End TEXT, which is ASCII, in "..." if it is wider than WIDTH, which is at least 3. */
void text_shorten(char *text, int width);

/* ARGUMENT for a message: it ends in "..." if it is longer than any name of an interface. Returns TEXT. */
#define TEXT_ARGUMENT 128
char *text_argument(const char *argument, char text[TEXT_ARGUMENT]);

#endif
