/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Announcing as a program of its own: until a signal asks for a stop, on interfaces that are named. */
#ifndef ROLLCALL_ANNOUNCE_SERVICE_H
#define ROLLCALL_ANNOUNCE_SERVICE_H

#include "announcer.h"

/*
 * Announce on NAMES until SIGINT or SIGTERM, or COUNT times if it is not 0. Interfaces are followed: when one is
 * created again or renamed, announcing goes on there. Returns 0 or -errno, logged; -EIO: of the last of COUNT not
 * one announcement was sent.
 */
int announce_on_interfaces(const struct announcer_config *config, char *const *names, int name_count, uint32_t count);

#endif
