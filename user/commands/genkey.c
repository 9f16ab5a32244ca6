// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall genkey: print a line for a key file. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/keyfile.h"
#include "base/message.h"
#include "command.h"

#define LINE_BYTES 40 /* an id, a colon, 24 characters of base64, a newline and a NUL */

/* The lowest id that no key has, or 0. */
static int free_id(const struct keyfile *kf)
{
	bool used[KEY_ID_MOST + 1] = {};

	for (int i = 0; i < kf->count; i++)
		used[kf->keys[i].id] = true;
	for (int id = 1; id <= KEY_ID_MOST; id++)
		if (!used[id])
			return id;
	return 0;
}

/* Set ID to the lowest one that is free in the file. If there is no such file yet, it is 1. */
static int find_id(const char *path, int *id)
{
	struct keyfile *kf = keyfile_new();
	struct keyfile_fault fault = {};
	int err;

	if (!kf)
		return -ENOMEM;
	err = keyfile_read(kf, path, 0, &fault);
	if (err && fault.err == -ENOENT)
		err = 0;
	else if (err)
		err = keyfile_report(&fault, path, NULL);
	else if (kf->open_end)
		err = fail(0, "run 'echo >>FILE'", "key file '%s': the last line does not end in a newline", path);
	*id = free_id(kf);
	keyfile_free(kf);
	if (!err && !*id)
		err = fail(0, "remove a key that is not used", "key file '%s': all ids in 1..255 are used", path);
	return err;
}

static void warn_if_readable(void)
{
	struct stat st;

	if (!fstat(STDOUT_FILENO, &st) && S_ISREG(st.st_mode) && st.st_mode & S_IRWXO)
		warn("standard output is a file that other users may access: run 'chmod o=' on it, and 'umask 077' before you create the next one");
}

static int print_key(int id)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static char buffer[BUFSIZ]; /* so that the key can be wiped */
	uint8_t key[KEY_BYTES + 2] = {};
	char line[LINE_BYTES];
	int used, err = getrandom(key, KEY_BYTES, 0) == KEY_BYTES ? 0 : fail(-errno, NULL, "cannot get random bytes");

	if (err)
		return err;
	used = snprintf(line, sizeof(line), "%d:", id);
	for (int i = 0; i < KEY_BYTES; i += 3) {
		uint32_t bits = (uint32_t)key[i] << 16 | (uint32_t)key[i + 1] << 8 | key[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			line[used++] = digits[bits >> shift & 63];
	}
	snprintf(line + used - 2, 4, "==\n"); /* the last group has one byte */
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	fwrite(line, 1, (size_t)used + 1, stdout);
	fflush(stdout); /* main() reports a failure */
	explicit_bzero(key, sizeof(key));
	explicit_bzero(line, sizeof(line));
	explicit_bzero(buffer, sizeof(buffer));
	return 0;
}

int command_genkey(const struct options *o)
{
	const char *path = o->words.arg_count ? o->words.args[0] : NULL;
	int id = 1, err;

	if (path && !*path)
		return usage_error("genkey", "'' is not the name of a file");
	err = path ? find_id(path, &id) : 0;
	if (err)
		return err;
	warn_if_readable();
	return print_key(id);
}
