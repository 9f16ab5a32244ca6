/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The message of a function that fails while it makes an answer. The client gets it. It is not printed, because any client
 * could then fill the log; with -v it is printed too.
 */
#ifndef ROLLCALL_REASON_H
#define ROLLCALL_REASON_H

#include "base/message.h"

/* Keep messages from now on, instead of printing them. */
void reason_begin(void);

/* Print messages again. Returns the first message since reason_begin(), without the name of the program, or "". */
const char *reason_end(void);

#endif
