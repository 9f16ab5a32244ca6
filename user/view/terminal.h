/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Is standard output a terminal, how large is it, and should colours be used? */
#ifndef ROLLCALL_TERMINAL_H
#define ROLLCALL_TERMINAL_H

#include <stdbool.h>
#include <sys/ioctl.h>

bool terminal_is_there(void);
/* The size of the terminal, or 24 by 80 if it is unknown. */
struct winsize terminal_size(void);
/*
 * For a terminal: use colours unless NO_COLOR is set to a text that is not empty (no-color.org), or TERM is unset or
 * "dumb".
 */
bool terminal_has_colour(void);

#endif
