/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Paths: different spellings of one directory become one path. */
#ifndef ROLLCALL_PATH_H
#define ROLLCALL_PATH_H

#include <limits.h>
#include <stdbool.h>

/*
 * Make PATH absolute, without symbolic links, ".", "..", repeated or trailing slashes. Its last part need not exist. If
 * realpath(3) of the parent fails, for instance because a directory cannot be searched, symbolic links and ".." stay.
 * Returns NORMAL.
 */
char *path_normalize(const char *path, char normal[PATH_MAX]);

/*
 * Has the absolute PATH a part that a BPF file system rejects? bpf_lookup() in the kernel rejects names with a dot
 * (EPERM). The mount point itself can have such a name.
 */
bool path_is_rejected_by_bpffs(const char *path);

#endif
