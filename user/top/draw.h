/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Draws the whole screen. */
#ifndef ROLLCALL_DRAW_H
#define ROLLCALL_DRAW_H

#include "top.h"

void draw_all(struct top *t);

#endif
