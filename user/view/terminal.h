/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where standard output goes: is it a terminal, how large, and does its user want colours? */
#ifndef ROLLCALL_TERMINAL_H
#define ROLLCALL_TERMINAL_H

#include <stdbool.h>
#include <sys/ioctl.h>

bool terminal_is_there(void);
/* 24 by 80 where it does not tell. */
struct winsize terminal_size(void);
/* If it is there. Not with NO_COLOR set to anything (no-color.org), nor where TERM says that it knows none. */
bool terminal_has_colour(void);

#endif
