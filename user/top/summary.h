/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The first line: the number of hosts, the joins and leaves of the last minute, and the state of each interface. */
#ifndef ROLLCALL_SUMMARY_H
#define ROLLCALL_SUMMARY_H

#include "ifstates.h"
#include "rows.h"
#include "screen.h"

/* IS_OPEN: a table is open. Parts that do not fit are left out, from the right. */
void summary_draw(const struct screen *s, int row, const struct tally *tally, const struct ifstates *states, bool is_open);

#endif
