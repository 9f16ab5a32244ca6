/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Key files: lines ID:BASE64, comments that begin with #, and blank lines. The file must be readable by its owner and
 * group only. Nothing here prints the text of a file, because it may be a part of a key.
 */
#ifndef ROLLCALL_KEYFILE_H
#define ROLLCALL_KEYFILE_H

#include <stdbool.h>
#include <stdint.h>

#define KEY_BYTES	  16
#define KEY_ID_MOST	  255
#define KEYFILE_MAX_BYTES 32768

struct key {
	uint8_t id; /* 1 to 255 */
	uint8_t bytes[KEY_BYTES];
};

/*
 * The keys of a file, in the order of the file; the first one is for sending. It is in pages of its own, which a core
 * dump leaves out and a child process sees as zeroes: make it with keyfile_new().
 */
struct keyfile {
	int count;
	struct key keys[KEY_ID_MOST];
	bool open_end; /* the last line has no newline: nothing can be appended */
	char text[KEYFILE_MAX_BYTES + 1]; /* for keyfile_read(), which wipes it */
};

/* What is wrong with a file. */
struct keyfile_fault {
	int err;	    /* a negative errno, or 0 */
	unsigned int line;  /* 0: the file */
	const char *what;   /* NULL: nothing is wrong */
	const char *remedy; /* with %s for the name of the file; or NULL */
};

/* Returns NULL if there is no memory, logged. */
struct keyfile *keyfile_new(void);
/* Wipe the keys, and free the memory. KF may be NULL. */
void keyfile_free(struct keyfile *kf);

/* Is the file in the directory of this unit's credentials (systemd.exec(5))? They do not change while a unit runs. */
bool keyfile_is_credential(const char *path);

/*
 * Read the keys of PATH. LEAST is the least number of keys. Returns 0, or -1 with FAULT set, and without keys in KF.
 * Nothing is logged.
 */
int keyfile_read(struct keyfile *kf, const char *path, int least, struct keyfile_fault *fault);

/* Log FAULT of PATH. CONSEQUENCE, such as "the previous keys stay in use", may be NULL. Returns -errno. */
int keyfile_report(const struct keyfile_fault *fault, const char *path, const char *consequence);

/* Read at least one key from PATH into new memory. Returns NULL if anything is wrong, logged. */
struct keyfile *keyfile_load(const char *path);

#endif
