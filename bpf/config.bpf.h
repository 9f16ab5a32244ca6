/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The settings of the table, which the verifier knows as constants: it does not walk what they turn off. */
#ifndef ROLLCALL_CONFIG_BPF_H
#define ROLLCALL_CONFIG_BPF_H

#include <rollcall/settings.h>

/* Set by the loader between open and load. */
const volatile struct rollcall_settings config = ROLLCALL_DEFAULT_SETTINGS;

#endif
