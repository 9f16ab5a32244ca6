/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the options of rollcall's commands mean: struct options has their values.
 */
#ifndef ROLLCALL_OPTIONS_H
#define ROLLCALL_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include <rollcall/rollcall.h>

#include "announcing.h"
#include "loader/hook.h"
#include "option.h"
#include "view/order.h"
#include "watch/selection.h"

/* What `peers` prints. */
enum format { FORMAT_TEXT, FORMAT_TSV, FORMAT_JSON, FORMAT_HOSTS, FORMAT_NAMES, FORMAT_ANSIBLE };

struct options {
	struct words words;
	const char *pin_dir; /* one spelling for one directory (base/path.h) */
	char pin_dir_path[PATH_MAX];
	struct announcing announcing; /* what --announce and `announce` take */
	struct hook_order order;   /* --mode */
	struct rollcall_settings settings; /* defaults, and over them what was given */
	uint32_t count; /* 0: without end */
	uint64_t timeout_ns;	  /* --timeout; 0: none */
	uint64_t exec_timeout_ns; /* --exec-timeout */
	enum order sort;
	enum format format;
	const char *fields; /* --fields, not parsed */
	const char *exec, *output; /* NULL: none, standard output */
	const char *ifname; /* --interface; NULL: all */
	uint32_t sd_port;
};

static inline bool option_given(const struct options *o, enum option_id id)
{
	return words_have(&o->words, id);
}

/* The one family that is wanted, or 0 for both. */
static inline int options_family(const struct options *o)
{
	if (option_given(o, OPT_IPV4))
		return ROLLCALL_FAMILY_IPV4;
	return option_given(o, OPT_IPV6) ? ROLLCALL_FAMILY_IPV6 : 0;
}

/* What --announce and `announce` send, to the group and port of SETTINGS. The hostname stays owned by O. */
struct announcer_config options_announcer(const struct options *o, const struct rollcall_settings *settings);

/*
 * The entries of T that the patterns among the words, -4, -6 and --interface select. Returns 0 or -errno, reported: the
 * interface is not attached.
 */
int options_selection(const struct options *o, const struct rollcall_table *t, struct selection *selection);

/* Defaults and the environment (ROLLCALL_PIN_DIR). */
void options_init(struct options *o);

/*
 * Take the options out of O->words, for the command NAME or for FOR_PROGRAM and NULL. See option_parse().
 * Returns 0 or USAGE_ERROR, logged.
 */
int options_parse(struct options *o, int command, const char *name);

#endif
