// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall serve: check the options, and replace this process by rollcall-serve, which is beside this program. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "base/signals.h"
#include "command.h"

#define PROGRAM "rollcall-serve"

/* All options of rollcall-serve, with a value each, and a NULL. */
#define ARGS_MAX (2 * (SERVING_HOSTS_MAX + 8))

struct arguments {
	char *list[ARGS_MAX];
	int count;
};

static void arguments_add(struct arguments *a, const char *name, const char *value)
{
	a->list[a->count++] = (char *)name;
	if (value)
		a->list[a->count++] = (char *)value;
}

/* Returns 0 or -errno, reported. */
static int find_program(char path[PATH_MAX])
{
	char program[PATH_MAX];
	ssize_t bytes = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash;

	if (bytes < 0)
		return fail(-errno, "run " PROGRAM " instead", "cannot read /proc/self/exe");
	program[bytes] = '\0';
	slash = strrchr(program, '/');
	if (slash)
		slash[1] = '\0';
	if (snprintf(path, PATH_MAX, "%s" PROGRAM, program) >= PATH_MAX)
		return fail(-ENAMETOOLONG, NULL, "%s" PROGRAM, program);
	return 0;
}

int command_serve(const struct options *o)
{
	struct serving serving = o->serving;
	struct arguments a = {};
	char path[PATH_MAX], max_series[16];
	int err = serving_complete(&serving, &o->words, "serve");

	if (!err)
		err = find_program(path);
	if (err)
		return err;
	snprintf(max_series, sizeof(max_series), "%u", serving.config.max_series);
	arguments_add(&a, PROGRAM, NULL);
	arguments_add(&a, "--listen", serving.config.listen);
	for (size_t i = 0; i < serving.config.host_count; i++)
		arguments_add(&a, "--host", serving.hosts[i]);
	arguments_add(&a, "--db", o->db);
	if (option_given(o, OPT_PIN_DIR))
		arguments_add(&a, "--pin-dir", o->pin_dir);
	if (o->expect)
		arguments_add(&a, "--expect", o->expect);
	if (serving.config.host_series) {
		arguments_add(&a, "--host-series", NULL);
		arguments_add(&a, "--max-series", max_series);
	}
	if (message_is_verbose())
		arguments_add(&a, "--verbose", NULL);
	signals_restore();
	execv(path, a.list);
	return fail(-errno, errno == ENOENT ? "install " PROGRAM " in the same directory as rollcall" : NULL, "cannot run '%s'", path);
}
