/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the database of terminals knows of this one. */
#ifndef ROLLCALL_TERMINFO_H
#define ROLLCALL_TERMINFO_H

#include <stdio.h>

/* NULL if it can show a view, or the reason why not. */
const char *terminfo_refusal(void);

/* Leave the screen of a view, without a change of the terminal's modes: another process has set these. */
void terminfo_leave_screen(FILE *out);

#endif
