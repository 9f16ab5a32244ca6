// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Read the pinned iterator (bpf/table_iter.bpf.c) line by line:
 *
 *	HOSTNAME  ADDRESS  INTERFACE  AGE  EXPIRES  IFINDEX  FIRST_SEEN_NS  SEALED
 *
 * SEALED is "yes", or "no", or "-" in a table that checks no seals. A line with another format, such as the header, is
 * ignored.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "source.h"
#include "text.h"

#define BLOCK_BYTES 4096 /* many lines, and little of the calling program's stack */
#define NS_PER_S    1000000000LL

/* "12s" of at most nine digits. Returns nanoseconds, or -1. */
static int64_t parse_seconds(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits && digits <= 9 && !strcmp(text + digits, "s") ? strtol(text, NULL, 10) * NS_PER_S : -1;
}

static bool parse_address(char *text, struct nss_address *address)
{
	address->family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (address->family == AF_INET6)
		text[strcspn(text, "%")] = '\0';
	return inet_pton(address->family, text, address->bytes) == 1;
}

/* A number of at most nine digits. Returns it, or 0, which is not the number of an interface. */
static uint32_t parse_ifindex(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits && digits <= 9 && !text[digits] ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

/* A number of at most 20 digits, as 64 bits have. Returns whether it is one. */
static bool parse_first_seen(const char *text, uint64_t *first_seen_ns)
{
	size_t digits = strspn(text, "0123456789");

	*first_seen_ns = strtoull(text, NULL, 10);
	return digits && digits <= 20 && !text[digits];
}

/* Returns whether it is a value of SEALED. "no" is one only of a table that checks seals. */
static bool parse_sealed(const char *text, struct nss_entry *entry)
{
	entry->is_sealed = !strcmp(text, "yes");
	entry->may_be_shadowed = !strcmp(text, "no");
	return entry->is_sealed || entry->may_be_shadowed || !strcmp(text, "-");
}

static void take_line(struct nss_question *question, char *line, struct nss_answer *answer)
{
	struct nss_entry entry = { .name = text_word(&line) };
	char *address = text_word(&line);
	uint32_t ifindex;

	text_word(&line); /* the interface's name is not used: another interface may have it now */
	if (strlen(entry.name) >= ROLLCALL_NAME_TEXT || (question->name && strcmp(question->name, entry.name)))
		return;
	entry.age_ns = parse_seconds(text_word(&line));
	entry.left_ns = parse_seconds(text_word(&line));
	ifindex = parse_ifindex(text_word(&line));
	if (!parse_first_seen(text_word(&line), &entry.first_seen_ns) || !parse_sealed(text_word(&line), &entry) ||
	    *text_word(&line))
		return;
	if (entry.age_ns < 0 || entry.left_ns < 0 || !ifindex || !parse_address(address, &entry.address))
		return;
	if (address_is_link_local(&entry.address))
		entry.address.scope = ifindex;
	answer_take(question, &entry, answer);
}

/* Returns the number of bytes that are left at the front of BLOCK: the beginning of a line. */
static size_t take_lines(struct nss_question *question, char *block, size_t bytes, struct nss_answer *answer)
{
	char *line = block, *end;

	while ((end = memchr(line, '\n', bytes - (size_t)(line - block)))) {
		*end = '\0';
		take_line(question, line, answer);
		line = end + 1;
	}
	bytes -= (size_t)(line - block);
	memmove(block, line, bytes);
	return bytes;
}

int iterator_read(int fd, struct nss_question *question, struct nss_answer *answer)
{
	char block[BLOCK_BYTES];
	size_t kept = 0;

	for (;;) {
		ssize_t n = read(fd, block + kept, sizeof(block) - kept);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		kept = take_lines(question, block, kept + (size_t)n, answer);
		if (kept == sizeof(block))
			return -EBADMSG; /* the iterator prints no line of this length */
	}
}

/* Is FD a BPF pin that belongs to root? If no BPF file system is mounted, another user could have created the file. */
static bool is_pinned_by_root(int fd)
{
	struct statfs fs;
	struct stat file;

	return !fstatfs(fd, &fs) && (unsigned int)fs.f_type == BPF_FS_MAGIC && !fstat(fd, &file) && S_ISREG(file.st_mode) &&
	       !file.st_uid && !(file.st_mode & (S_IWGRP | S_IWOTH));
}

static int open_in(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return -errno;
	if (is_pinned_by_root(fd))
		return fd;
	close(fd);
	return -EPERM;
}

static int open_table(void)
{
	int fd = open_in(ROLLCALL_READERS_DIR "/table");

	return fd == -ENOENT || fd == -EACCES ? open_in(ROLLCALL_PIN_DIR "/table") : fd;
}

static int read_table(struct nss_question *question, struct nss_answer *answer)
{
	int fd = open_table(), err;

	answer->count = 0;
	if (fd < 0)
		return fd;
	err = iterator_read(fd, question, answer);
	close(fd);
	return err;
}

/*
 * The entry found for an address has no seal. Read the table again: does its host have sealed entries, which shadow it?
 * Then read it once more, for the name of a sealed entry with the address. Three reads are slow, but rare.
 */
static int check_shadow(struct nss_question *question, struct nss_answer *answer)
{
	struct nss_question by_name = { .policy = question->policy };
	char name[ROLLCALL_NAME_TEXT];
	int64_t left_ns = answer->left_ns;
	int err;

	by_name.name = memcpy(name, answer->name, sizeof(name));
	err = read_table(&by_name, answer);
	if (err)
		return err;
	if (answer->count && answer->is_sealed) {
		question->only_sealed = true;
		return read_table(question, answer);
	}
	memcpy(answer->name, name, sizeof(name));
	answer->left_ns = left_ns;
	answer->found[0].address = question->address;
	answer->count = 1;
	return 0;
}

int iterator_ask(struct nss_question *question, struct nss_answer *answer)
{
	int err = read_table(question, answer);

	return !err && !question->name && answer->count && answer->may_be_shadowed ? check_shadow(question, answer) : err;
}
