/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The values of the options of rollcall's commands. */
#ifndef ROLLCALL_OPTIONS_H
#define ROLLCALL_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include <rollcall/rollcall.h>

#include "announcing.h"
#include "loader/hook.h"
#include "option.h"
#include "serving.h"
#include "view/order.h"
#include "watch/selection.h"

/* The formats of `peers`. */
enum format { FORMAT_TEXT, FORMAT_TSV, FORMAT_JSON, FORMAT_HOSTS, FORMAT_NAMES, FORMAT_ANSIBLE };

struct options {
	struct words words;
	const char *pin_dir; /* normalized by path_normalize() */
	char pin_dir_path[PATH_MAX];
	struct announcing announcing; /* the options of --announce and `announce` */
	struct hook_order order;   /* --mode */
	struct rollcall_settings settings; /* the defaults, changed by options */
	const char *key_file;	 /* --key; NULL: none */
	uint64_t max_skew_ns;	 /* --max-skew; 0: the default for the expiry time */
	uint32_t count; /* --count; 0: none */
	uint64_t timeout_ns;	  /* --timeout; 0: none */
	uint64_t exec_timeout_ns; /* --exec-timeout */
	enum order sort;
	enum format format;
	const char *fields; /* --fields, not parsed */
	const char *exec, *output; /* --exec, --output; NULL: no program, standard output */
	const char *ifname; /* --interface; NULL: all */
	uint32_t sd_port;
	const char *db, *expect; /* --db, --expect; NULL: no file of expected hosts */
	uint64_t retain_ns, max_bytes;
	struct serving serving; /* the options of `serve` */
	int64_t since_ms, until_ms; /* since 1970 */
};

static inline bool option_given(const struct options *o, enum option_id id)
{
	return words_have(&o->words, id);
}

/* The family that -4 or -6 selects, or 0 for both. */
static inline int options_family(const struct options *o)
{
	if (option_given(o, OPT_IPV4))
		return ROLLCALL_FAMILY_IPV4;
	return option_given(o, OPT_IPV6) ? ROLLCALL_FAMILY_IPV6 : 0;
}

/* What `attach --announce` announces: the group, port and prefix are those of SETTINGS. The hostname belongs to O. */
struct announcer_config options_announcer(const struct options *o, const struct rollcall_settings *settings);

/*
 * Set SELECTION to the entries of T that the patterns, -4, -6 and --interface select. Returns 0, or -errno, reported,
 * if the interface is not attached.
 */
int options_selection(const struct options *o, const struct rollcall_table *t, struct selection *selection);

/* Set the defaults, and the pin directory of the environment (ROLLCALL_PIN_DIR). */
void options_init(struct options *o);

/*
 * Parse the options in O->words, for the command NAME, or with FOR_PROGRAM and NULL for the program. See
 * option_parse(). Returns 0 or USAGE_ERROR, logged.
 */
int options_parse(struct options *o, int command, const char *name);

#endif
