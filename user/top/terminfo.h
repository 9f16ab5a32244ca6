/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The entry of the terminal in the terminfo database. */
#ifndef ROLLCALL_TERMINFO_H
#define ROLLCALL_TERMINFO_H

#include <stdio.h>

/* The reason why the terminal cannot show a view, or NULL. */
const char *terminfo_refusal(void);

/* Leave the alternate screen without changing the modes of the terminal, because another process has set them. */
void terminfo_leave_screen(FILE *out);

#endif
