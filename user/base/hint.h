/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Commands in messages. If this command was given --pin-dir, they have it too, so that they act on the same table. */
#ifndef ROLLCALL_HINT_H
#define ROLLCALL_HINT_H

/* Set DIR, normalized, as given by the option. It is not called for the directory of the environment or the default. */
void hint_set_pin_dir(const char *dir);

/* " --pin-dir DIR", or "" */
const char *hint_pin_dir(void);

/* Format a remedy for fail(). The text is valid until the next call. */
const char *hint_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
