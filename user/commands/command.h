/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The commands. Each has its own file. Options are parsed before a command is started. */
#ifndef ROLLCALL_COMMAND_H
#define ROLLCALL_COMMAND_H

#include "options.h"
#include <rollcall/rollcall.h>

/* Each returns 0, or -errno or USAGE_ERROR, reported. */
int command_attach(const struct options *o);
int command_detach(const struct options *o);
int command_announce(const struct options *o);
int command_genkey(const struct options *o);
int command_peers(const struct options *o);
int command_top(const struct options *o);
/* watch and wait may have to wait for a table. */
int command_watch(const struct options *o);
int command_wait(const struct options *o);
int command_get(const struct options *o);
int command_status(const struct options *o);
int command_metrics(const struct options *o);
int command_record(const struct options *o);
int command_history(const struct options *o);
int command_missing(const struct options *o);
int command_serve(const struct options *o);

/*
 * Call WRITE now, and again when one of the entries has changed that the patterns, -4, -6 and --interface select, at
 * most once per second, until a signal asks for a stop. T is NULL while there is no table. Returns 0, -errno, reported,
 * or the error of WRITE.
 */
typedef int (*follow_write)(const struct options *o, const struct rollcall_table *t, void *context);
int command_follow(const struct options *o, follow_write write, void *context);

/* Open the table, call USE with it, and close it. Returns the result of USE, or -errno, reported. */
int command_read(const struct options *o, int (*use)(const struct options *o, const struct rollcall_table *t));

#endif
