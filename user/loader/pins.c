// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Paths and directories. What the pins contain is the business of filter.c and table.c. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <rollcall/rollcall.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "lock.h"
#include "pins.h"
#include "base/privilege.h"
#include "base/table_fault.h"
#include "lib/pin.h"

char *pins_path(const char *dir, const char *name, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/%s", dir, name);
	return path;
}

char *pins_link_path(const char *dir, unsigned int ifindex, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%s/" LINKS_DIRECTORY "/%u", dir, ifindex);
	return path;
}

/* Ask for the file system of PATH, or else of the directory that it is to be made in. */
static int query_fs(const char *path, struct statfs *fs)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	return statfs(path, fs) && statfs(dirname(copy), fs) ? -errno : 0;
}

static int check_bpffs(const char *path)
{
	struct statfs fs;

	if (query_fs(path, &fs))
		return fail(-errno, "--pin-dir names a directory in a BPF file system",
			    "cannot use pin directory '%s'", path);
	if ((unsigned int)fs.f_type == BPF_FS_MAGIC)
		return 0;
	return fail(0, NO_BPFFS_REMEDY, "pin directory '%s' is not in a BPF file system", path);
}

int pins_check_owner(const char *dir)
{
	struct rollcall_fault fault;
	int err = rollcall_pin_check_dir(dir, &fault);

	return err && err != -ENOENT ? table_fault(err, &fault) : err;
}

int pins_make_directory(const char *dir)
{
	int err = check_bpffs(dir);

	if (err)
		return err;
	if (mkdir(dir, 0755) && errno != EEXIST)
		return fail(-errno, privilege_pin_remedy(-errno), "cannot make pin directory '%s'", dir);
	err = pins_check_owner(dir);
	return err == -ENOENT ? 0 : err; /* removed again: the caller finds that */
}

int pins_make_links(const char *dir)
{
	char links[PATH_MAX];

	if (mkdir(pins_path(dir, LINKS_DIRECTORY, links), 0755) && errno != EEXIST)
		return fail(-errno, privilege_pin_remedy(-errno), "cannot make '%s'", links);
	return 0;
}

bool pins_have_table(const char *dir)
{
	char path[PATH_MAX];

	return !access(pins_path(dir, "settings", path), F_OK);
}

bool pins_lack_table(const char *dir)
{
	struct statfs fs;

	return !pins_have_table(dir) && !query_fs(dir, &fs) && (unsigned int)fs.f_type == BPF_FS_MAGIC;
}

static void unlink_maps(const char *dir)
{
	/* settings first: what is left half removed is no table */
	static const char *const names[] = { "settings",
#define X(name, ...) #name,
					     PINNED_MAPS(X)
#undef X
					     TABLE_PIN
	};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(pins_path(dir, names[i], path));
}

void pins_remove_maps(const char *dir)
{
	struct statfs fs;

	if (!strcmp(dir, ROLLCALL_PIN_DIR) && !statfs(ROLLCALL_READERS_DIR, &fs) && (unsigned int)fs.f_type == BPF_FS_MAGIC)
		unlink_maps(ROLLCALL_READERS_DIR);
	unlink_maps(dir);
}

static void touch(const char *dir, const char *name)
{
	char path[PATH_MAX];

	if (utimensat(AT_FDCWD, pins_path(dir, name, path), NULL, 0))
		return; /* not there, or not ours: a hint that nobody gets */
}

void pins_touch(const char *dir)
{
	touch(dir, "peers");
	if (!strcmp(dir, ROLLCALL_PIN_DIR))
		touch(ROLLCALL_READERS_DIR, "peers");
}

void pins_touch_attachments(const char *dir)
{
	touch(dir, "interfaces");
}

void pins_remove_links(const char *dir)
{
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *links = opendir(pins_path(dir, LINKS_DIRECTORY, path));

	if (!links)
		return;
	while ((entry = readdir(links)))
		unlinkat(dirfd(links), entry->d_name, 0); /* rejects . and .. */
	closedir(links);
}

void pins_remove_table(const char *dir)
{
	char path[PATH_MAX];

	pins_remove_maps(dir);
	rmdir(pins_path(dir, LINKS_DIRECTORY, path));
	lock_remove(dir);
	rmdir(dir); /* rejected when it is a mount point or holds what is not ours */
}

void pins_remove_leftovers(const char *dir)
{
	struct statfs fs;

	/* elsewhere files of these names are not ours */
	if (pins_have_table(dir) || statfs(dir, &fs) || (unsigned int)fs.f_type != BPF_FS_MAGIC)
		return;
	pins_remove_links(dir);
	pins_remove_table(dir);
}
