/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The commands, each in a file of its own that parses nothing but its arguments' meaning. */
#ifndef ROLLCALL_COMMAND_H
#define ROLLCALL_COMMAND_H

#include "options.h"
#include <rollcall/rollcall.h>

/* Each returns 0, a negative errno or USAGE_ERROR, having said what failed. */
int command_attach(const struct options *o);
int command_detach(const struct options *o);
int command_announce(const struct options *o);
int command_peers(const struct options *o);
int command_top(const struct options *o);
/* These may have to wait for a table. */
int command_watch(const struct options *o);
int command_wait(const struct options *o);
int command_get(const struct options *o);
int command_status(const struct options *o);
int command_metrics(const struct options *o);

/*
 * Call WRITE now, and again when something has changed that the words, -4, -6 and --interface select, at most once per second,
 * until a stop is asked for. T is NULL while there is no table. Returns 0, -errno, reported, or what WRITE returned.
 */
typedef int (*follow_write)(const struct options *o, const struct rollcall_table *t, void *context);
int command_follow(const struct options *o, follow_write write, void *context);

/* Open the table, let USE read it, and close it. Returns what USE returned, or -errno, reported. */
int command_read(const struct options *o, int (*use)(const struct options *o, const struct rollcall_table *t));

#endif
