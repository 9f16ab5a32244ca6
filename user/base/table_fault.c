// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Makes a message of the library's error code: the pin, what is wrong with it, and the remedy. */
#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <rollcall/rollcall.h>

#include "hint.h"
#include "message.h"
#include "privilege.h"
#include "table_fault.h"

/* The remedy if there is no table in DIR. */
static const char *table_fault_where(const char *dir)
{
	char parent[PATH_MAX];
	struct statfs there;

	snprintf(parent, sizeof(parent), "%.*s", (int)(strrchr(dir, '/') - dir), dir);
	if (!statfs(*parent ? parent : "/", &there) && (unsigned int)there.f_type != BPF_FS_MAGIC)
		return "it is not in a BPF file system: " NO_BPFFS_REMEDY;
	return hint_text("run 'rollcall attach IFACE%s', or name the directory of its table with --pin-dir", hint_pin_dir());
}

/* The table lacks a map: it has another layout, or it is being removed at this moment. */
static int table_fault_missing(const struct rollcall_fault *fault)
{
	char settings[4096];

	snprintf(settings, sizeof(settings), "%s/settings", fault->dir);
	if (!strcmp(fault->dir, ROLLCALL_READERS_DIR))
		return fail(-ENOENT, hint_text("nothing is attached, or the loader lacks CAP_SYS_ADMIN to publish its table for "
			    "other users: 'rollcall status%s' as root shows which", hint_pin_dir()), "no table in '%s'", fault->dir);
	if (!*fault->pin || !strcmp(fault->pin, "settings") || access(settings, F_OK))
		return fail(-ENOENT, table_fault_where(fault->dir), "no table in '%s'", fault->dir);
	fail(0, hint_text("'rollcall attach --replace%s' recreates it", hint_pin_dir()), "the table in '%s' is of another layout: it has no '%s'",
	     fault->dir, fault->pin);
	return -EMEDIUMTYPE;
}

static void table_fault_value(const struct rollcall_fault *fault)
{
	unsigned long long found = fault->found, least = fault->least, most = fault->most;
	const char *remedy = hint_text("'rollcall attach --replace%s' recreates it", hint_pin_dir());

	if (least == most)
		fail(0, remedy, "the table in '%s' is of another layout: '%s' has %s %llu, not %llu", fault->dir, fault->pin,
		     fault->what, found, most);
	else
		fail(0, remedy, "the table in '%s' is of another layout: '%s' has %s %llu, not in %llu..%llu", fault->dir,
		     fault->pin, fault->what, found, least, most);
}

/* Another user can change DIR or a pin in it, so its contents cannot be trusted. */
static void table_fault_owner(const struct rollcall_fault *fault)
{
	const char *slash = *fault->pin ? "/" : "";
	const char *remedy = hint_text("run 'rollcall detach --all%s' as that user, or name another directory with --pin-dir",
				       hint_pin_dir());

	if (!strcmp(fault->what, FAULT_OWNER))
		fail(0, remedy, "'%s%s%s' belongs to the user with id %llu, not to root or to this user", fault->dir, slash,
		     fault->pin, (unsigned long long)fault->found);
	else
		fail(0, "'chmod go-w' forbids that", "'%s%s%s' can be changed by other users", fault->dir, slash, fault->pin);
}

int table_fault(int err, const struct rollcall_fault *fault)
{
	if (err == -ENOENT)
		return table_fault_missing(fault);
	if (!fault->what)
		return fail(err, privilege_pin_remedy(err), "cannot open the table in '%s'", fault->dir);
	if (err == -EPERM)
		table_fault_owner(fault);
	else
		table_fault_value(fault);
	return err;
}
