// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* It requires only libc, because the small announcer uses it. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "keyfile.h"
#include "message.h"

#define BASE64_CHARS	24 /* of 16 bytes, with two '=' */
#define OTHERS		(S_IRWXO) /* any right for other users */
#define REMEDY_LINE	"make one with 'rollcall genkey'"
#define REMEDY_NAME	"give the name of a key file"

struct keyfile *keyfile_new(void)
{
	struct keyfile *kf = mmap(NULL, sizeof(*kf), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (kf == MAP_FAILED) {
		fail(-errno, NULL, "cannot get memory for keys");
		return NULL;
	}
	/* before there is a key in it; these are precautions, so a kernel that lacks one of them is not a failure */
	madvise(kf, sizeof(*kf), MADV_DONTDUMP);
	madvise(kf, sizeof(*kf), MADV_WIPEONFORK);
	return kf;
}

void keyfile_free(struct keyfile *kf)
{
	if (!kf)
		return;
	explicit_bzero(kf, sizeof(*kf));
	munmap(kf, sizeof(*kf));
}

bool keyfile_is_credential(const char *path)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	size_t bytes = dir ? strlen(dir) : 0;

	return bytes && !strncmp(path, dir, bytes) && path[bytes] == '/';
}

static int fault_set(struct keyfile_fault *fault, int err, unsigned int line, const char *what, const char *remedy)
{
	*fault = (struct keyfile_fault){ err, line, what, remedy };
	return -1;
}

static int check_rights(int fd, bool credential, struct keyfile_fault *fault)
{
	struct stat st;

	if (fstat(fd, &st))
		return fault_set(fault, -errno, 0, "cannot be read", NULL);
	if (!S_ISREG(st.st_mode))
		return fault_set(fault, 0, 0, "not a regular file", REMEDY_NAME);
	if (st.st_mode & OTHERS)
		return fault_set(fault, 0, 0, "other users may access it", "run 'chmod o= %s'");
	/* the service manager decides who owns credentials */
	if (!credential && st.st_uid && st.st_uid != geteuid())
		return fault_set(fault, 0, 0, "its owner is neither root nor the user of this process",
				 "run 'chown root %s'");
	return 0;
}

static const char *open_remedy(int err)
{
	switch (err) {
	case ENOENT:
		return REMEDY_LINE;
	case EACCES:
		return "run this as the owner of the file, usually root";
	case ENOTDIR:
	case ELOOP:
	case ENAMETOOLONG:
		return REMEDY_NAME;
	default:
		return NULL;
	}
}

/* Returns the number of bytes, or -1 with FAULT set. */
static int read_text(struct keyfile *kf, const char *path, struct keyfile_fault *fault)
{
	/* O_NONBLOCK: opening a FIFO must not wait */
	owned_fd fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t bytes = 0;

	if (fd < 0)
		return fault_set(fault, -errno, 0, "cannot be opened", open_remedy(errno));
	if (check_rights(fd, keyfile_is_credential(path), fault))
		return -1;
	while (bytes < sizeof(kf->text)) {
		ssize_t got = read(fd, kf->text + bytes, sizeof(kf->text) - bytes);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fault_set(fault, -errno, 0, "cannot be read", NULL);
		if (!got)
			return (int)bytes;
		bytes += (size_t)got;
	}
	return fault_set(fault, 0, 0, "longer than 32768 bytes", "leave only lines ID:BASE64 in it");
}

static int base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* The canonical form only (RFC 4648, 3.5): with both '=', and zero in the bits that are not used. */
static bool base64_decode(const char text[BASE64_CHARS], uint8_t bytes[KEY_BYTES])
{
	uint32_t bits = 0;
	int count = 0;

	if (text[BASE64_CHARS - 2] != '=' || text[BASE64_CHARS - 1] != '=')
		return false;
	for (int i = 0; i < BASE64_CHARS - 2; i++) {
		int value = base64_value(text[i]);

		if (value < 0)
			return false;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4)
			bytes[count++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
	}
	return !(bits & 15);
}

static bool has_id(const struct keyfile *kf, long id)
{
	for (int i = 0; i < kf->count; i++)
		if (kf->keys[i].id == id)
			return true;
	return false;
}

/* LINE is a string without blanks at its ends. */
static int add_line(struct keyfile *kf, const char *line, unsigned int number, struct keyfile_fault *fault)
{
	char *colon = NULL;
	long id;

	if (!*line || *line == '#')
		return 0;
	id = *line >= '0' && *line <= '9' ? strtol(line, &colon, 10) : 0;
	if (id < 1 || id > KEY_ID_MOST || *colon != ':')
		return fault_set(fault, 0, number, "not ID:BASE64 with an id in 1..255", REMEDY_LINE);
	if (has_id(kf, id))
		return fault_set(fault, 0, number, "a line above has the same id", "give each key its own id");
	/* ids are unique, so there is room */
	if (strlen(colon + 1) != BASE64_CHARS || !base64_decode(colon + 1, kf->keys[kf->count].bytes))
		return fault_set(fault, 0, number, "not 16 bytes in base64 after the id", REMEDY_LINE);
	kf->keys[kf->count++].id = (uint8_t)id;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static int parse(struct keyfile *kf, int bytes, struct keyfile_fault *fault)
{
	char *line = kf->text, *end = kf->text + bytes;

	kf->open_end = bytes && end[-1] != '\n';
	if (memchr(line, 0, (size_t)bytes))
		return fault_set(fault, 0, 0, "has a zero byte, so it is not text", REMEDY_LINE);
	*end = '\0';
	for (unsigned int number = 1; line < end; number++) {
		char *next = line + strcspn(line, "\n") + 1, *last = next - 1;

		while (is_blank(*line))
			line++;
		while (last > line && is_blank(last[-1]))
			last--;
		*last = '\0';
		if (add_line(kf, line, number, fault))
			return -1;
		line = next;
	}
	return 0;
}

int keyfile_read(struct keyfile *kf, const char *path, int least, struct keyfile_fault *fault)
{
	int bytes, err;

	*fault = (struct keyfile_fault){};
	kf->count = 0;
	bytes = read_text(kf, path, fault);
	err = bytes < 0 ? -1 : parse(kf, bytes, fault);
	if (!err && kf->count < least)
		err = fault_set(fault, 0, 0, "has no key", REMEDY_LINE);
	explicit_bzero(kf->text, sizeof(kf->text));
	if (!err)
		return 0;
	explicit_bzero(kf->keys, sizeof(kf->keys));
	kf->count = 0;
	return -1;
}

int keyfile_report(const struct keyfile_fault *fault, const char *path, const char *consequence)
{
	char line[32] = "", remedy[PATH_MAX + 32] = "";
	const char *name = fault->remedy ? strstr(fault->remedy, "%s") : NULL;

	if (name)
		snprintf(remedy, sizeof(remedy), "%.*s%s%s", (int)(name - fault->remedy), fault->remedy, path, name + 2);
	if (fault->line)
		snprintf(line, sizeof(line), "line %u: ", fault->line);
	return fail(fault->err, name ? remedy : fault->remedy, "key file '%s': %s%s%s%s", path, consequence ? consequence : "",
		    consequence ? ": " : "", line, fault->what);
}

struct keyfile *keyfile_load(const char *path)
{
	struct keyfile *kf = keyfile_new();
	struct keyfile_fault fault;

	if (kf && keyfile_read(kf, path, 1, &fault)) {
		keyfile_report(&fault, path, NULL);
		keyfile_free(kf);
		return NULL;
	}
	return kf;
}
