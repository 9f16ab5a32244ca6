/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Paths: the same directory has the same name, whichever way it was spelled. */
#ifndef ROLLCALL_PATH_H
#define ROLLCALL_PATH_H

#include <limits.h>
#include <stdbool.h>

/*
 * PATH without symbolic links, ".", "..", repeated or trailing slashes, and absolute. What does not exist yet may be the
 * last part. Where a directory on the way cannot be searched, only the spelling is put right. Returns NORMAL.
 */
char *path_normalize(const char *path, char normal[PATH_MAX]);

/*
 * Has PATH, absolute, a part that a BPF file system rejects? bpf_lookup() in the kernel rejects names with a dot
 * (EPERM). A mount point can have such a name.
 */
bool path_is_rejected_by_bpffs(const char *path);

#endif
