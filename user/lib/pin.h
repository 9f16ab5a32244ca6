/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Open and validate the pins of maps. Only this file does so, for readers and for the loader. */
#ifndef ROLLCALL_LIB_PIN_H
#define ROLLCALL_LIB_PIN_H

#include <stddef.h>
#include <stdint.h>

#include "fault.h"
#include "maps.h"

/* The required properties of a map. */
struct pin_shape {
	char name[16]; /* not a pointer, so that the NSS module has no data to relocate */
	uint32_t type, key_bytes, value_bytes, entries, flags;
};

enum pin {
#define X(name, ...) PIN_##name,
	PINNED_MAPS(X)
#undef X
	PIN_COUNT
};

/*
 * Is DIR a directory that only root or the user of this process can change? Returns 0, -EPERM if it is not, or
 * another -errno. FAULT then has the reason.
 */
int rollcall_pin_check_dir(const char *dir, struct rollcall_fault *fault);

/*
 * Open PIN of the table in DIR. FLAGS is BPF_F_RDONLY, or 0 for reading and writing. SETTINGS are those of the table;
 * they are not used for the pin of the settings itself. Returns the descriptor, -EPERM if the pin belongs to another
 * user, -EMEDIUMTYPE if the map does not have the required properties, or another -errno. FAULT then has the reason.
 */
int rollcall_pin_open(const char *dir, enum pin pin, uint32_t flags, const struct rollcall_settings *settings,
		      struct rollcall_fault *fault);

/*
 * Read the settings of the table in DIR through its descriptor and validate them. Returns 0, -EMEDIUMTYPE, or
 * another -errno.
 */
int rollcall_pin_settings(const char *dir, int settings_fd, struct rollcall_settings *settings,
			  struct rollcall_fault *fault);

/*
 * The directory from which this user reads the table of DIR (NULL: of this host): DIR, or ROLLCALL_READERS_DIR if DIR
 * is the default and cannot be read.
 */
const char *rollcall_dir(const char *dir);

/* As rollcall_open(); after a failure FAULT has the reason. */
int rollcall_open_why(struct rollcall_table *t, const char *dir, struct rollcall_fault *fault);

/* Open the table of this host for look-ups: rollcall_counts_read() and rollcall_state_read() fail with -EBADF. */
int rollcall_open_peers(struct rollcall_table *t);

#endif
