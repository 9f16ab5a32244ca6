/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The message about a table that cannot be opened. */
#ifndef ROLLCALL_TABLE_FAULT_H
#define ROLLCALL_TABLE_FAULT_H

#include "lib/fault.h"

/* Log why opening failed with ERR: the pin, what is wrong with it, and what to do. Returns ERR. */
int table_fault(int err, const struct rollcall_fault *fault);

#endif
