/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A table's settings: those of a new table are completed here, those of a pinned one are compared. */
#ifndef ROLLCALL_SETTINGS_USER_H
#define ROLLCALL_SETTINGS_USER_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/settings.h>

/* The settings that a user can ask for. The names are those of the options. */
#define SETTINGS(X)                              \
	X(MAX_PEERS, "max-peers")                \
	X(NAMES_PER_SOURCE, "names-per-source")  \
	X(EXPIRY, "expiry")                      \
	X(PORT, "port")                          \
	X(GROUP, "group")                        \
	X(GROUP6, "group6")                      \
	X(PREFIX, "prefix")                      \
	X(SEALING, "key")                        \
	X(MAX_SKEW, "max-skew")                  \
	X(IGNORE_GOODBYE, "ignore-goodbye")

enum setting {
#define X(id, name) SETTING_##id,
	SETTINGS(X)
#undef X
	SETTING_COUNT
};

/* Add the network namespace of this process. Returns 0 or -errno, reported. */
int settings_here(struct rollcall_settings *settings);

/*
 * Compare the pinned settings of DIR with WANTED: the network namespace, and the settings whose bits are in GIVEN.
 * Returns 0, -EXDEV for another namespace or -EEXIST for another setting, both reported unless QUIET.
 */
int settings_agree(const struct rollcall_settings *pinned, const struct rollcall_settings *wanted, uint32_t given,
		   const char *dir, bool quiet);

/* A table belongs to one network namespace: interface numbers mean nothing in another. 0 or -EXDEV, reported. */
int settings_check_netns(const struct rollcall_settings *pinned, const char *dir);

#endif
