// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* realpath(3) for the part that exists. The last part is kept as it was given. */
#include <errno.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "path.h"

/* Make PATH absolute, and remove "//", "/./" and a slash at the end. Returns SPELLED. */
static char *path_spell(const char *path, char spelled[PATH_MAX])
{
	char whole[2 * PATH_MAX], cwd[PATH_MAX] = "";
	size_t bytes = 0;

	if (*path != '/' && !getcwd(cwd, sizeof(cwd)))
		*cwd = '\0';
	snprintf(whole, sizeof(whole), "%s%s%s", cwd, *path != '/' ? "/" : "", path);
	for (char *rest, *part = strtok_r(whole, "/", &rest); part; part = strtok_r(NULL, "/", &rest))
		if (strcmp(part, ".") != 0 && bytes + strlen(part) + 1 < PATH_MAX)
			bytes += (size_t)snprintf(spelled + bytes, PATH_MAX - bytes, "/%s", part);
	if (!bytes)
		snprintf(spelled, PATH_MAX, "/");
	return spelled;
}

char *path_normalize(const char *path, char normal[PATH_MAX])
{
	char spelled[PATH_MAX], parent[PATH_MAX], *last;
	bool found;

	path_spell(path, spelled);
	if (realpath(spelled, normal))
		return normal;
	last = strrchr(spelled, '/');
	*last = '\0';
	found = realpath(*spelled ? spelled : "/", parent);
	*last = '/';
	/* if the parent is "/", its slash is the one that LAST begins with */
	if (!found || snprintf(normal, PATH_MAX, "%s%s", parent[1] ? parent : "", last) >= PATH_MAX)
		memcpy(normal, spelled, sizeof(spelled));
	return normal;
}

bool path_is_rejected_by_bpffs(const char *path)
{
	char part[PATH_MAX];
	struct statfs fs = {};

	for (const char *end = path; *end;) {
		bool in_bpffs = (unsigned int)fs.f_type == BPF_FS_MAGIC;

		end += 1 + strcspn(end + 1, "/");
		snprintf(part, sizeof(part), "%.*s", (int)(end - path), path);
		if (statfs(part, &fs))
			return in_bpffs && errno == EPERM && strchr(strrchr(part, '/'), '.');
	}
	return false;
}
