/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What an attach is asked to do. The caller fills it in; the loader knows no command line.
 */
#ifndef ROLLCALL_REQUEST_H
#define ROLLCALL_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "hook.h"
#include "settings.h"

struct attach_request {
	const char *pin_dir;
	char *const *ifnames; /* interfaces to attach to, by any of their names */
	int ifname_count;
	struct hook_order order; /* modes to try */
	bool keep_keys;		 /* the caller announces with loader.keymap.file */
	const char *key_file;	 /* the keys of a sealed or mixed table; NULL: the map of keys is not written */
	const char *hostname;	 /* a name of this host in addition to the nodename, or NULL */
	struct rollcall_settings settings; /* of a new table */
	uint32_t settings_given; /* bits of enum setting: a pinned table must agree in these */
	bool ipv4, ipv6;	 /* families to receive */
	bool consume;		 /* do not pass recorded announcements to the stack */
	bool replace;		 /* discard a pinned table that does not agree */
};

#endif
