// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The whole file is checked before a name is used: a typing error would be a host that is always missing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "hostlist.h"
#include "lib/name.h"
#include "message.h"
#include "parse.h"

static int hostlist_add(struct hostlist *list, const char *name)
{
	char **names = reallocarray(list->names, list->count + 1, sizeof(*names));
	char *copy = strdup(name);

	if (names)
		list->names = names;
	if (!names || !copy) {
		free(copy);
		return -ENOMEM;
	}
	for (char *c = copy; *c; c++)
		*c = hostname_lower(*c);
	list->names[list->count++] = copy;
	return 0;
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void hostlist_sort(struct hostlist *list)
{
	size_t kept = 0;

	if (list->count > 1)
		qsort(list->names, list->count, sizeof(*list->names), compare_names);
	for (size_t i = 0; i < list->count; i++) {
		if (kept && !strcmp(list->names[kept - 1], list->names[i]))
			free(list->names[i]);
		else
			list->names[kept++] = list->names[i];
	}
	list->count = kept;
}

static int read_lines(struct hostlist *list, FILE *file, const char *path)
{
	owned_heap char *line = NULL;
	size_t room = 0, number = 0;
	ssize_t bytes;
	int err = 0;

	while (!err && (bytes = getline(&line, &room, file)) >= 0) {
		char *name = line + strspn(line, " \t");

		number++;
		while (bytes && strchr(" \t\r\n", line[bytes - 1]))
			line[--bytes] = '\0';
		if (!*name || *name == '#')
			continue;
		if (!hostname_is_valid(name))
			return fail(0, "one hostname per line", "'%s', line %zu: '%.80s' is not a hostname", path, number, name);
		err = hostlist_add(list, name);
	}
	if (!err && ferror(file))
		err = -errno;
	return err ? fail(err, NULL, "cannot read '%s'", path) : 0;
}

int hostlist_read(struct hostlist *list, const char *path)
{
	FILE *file = fopen(path, "re");
	int err;

	*list = (struct hostlist){};
	if (!file)
		return fail(-errno, NULL, "cannot read '%s'", path);
	err = read_lines(list, file, path);
	fclose(file);
	if (!err)
		hostlist_sort(list);
	return err;
}

void hostlist_free(struct hostlist *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
	*list = (struct hostlist){};
}
