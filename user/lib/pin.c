// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Another program may have created a pin. So each pin is validated before the map is read. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "bpf.h"
#include "pin.h"

static const struct pin_shape shapes[] = {
#define X(name, type, key, value, entries, flags) \
	[PIN_##name] = { #name, BPF_MAP_TYPE_##type, sizeof(key), sizeof(value), entries, flags },
	PINNED_MAPS(X)
#undef X
};

/* Returns 0 if FOUND is in the range. Else it sets FAULT and returns -EMEDIUMTYPE. */
static int pin_expect(struct rollcall_fault *fault, const char *what, uint64_t found, uint64_t least, uint64_t most)
{
	if (found >= least && found <= most)
		return 0;
	fault->what = what;
	fault->found = found;
	fault->least = least;
	fault->most = most;
	return -EMEDIUMTYPE;
}

/* The path DIR/NAME. It uses little of the caller's stack, because the caller may be any program. */
struct pin_path {
	char *text, brief[128];
};

static int pin_path_make(struct pin_path *path, const char *dir, const char *name)
{
	size_t dir_bytes = strlen(dir), name_bytes = strlen(name) + 1;

	path->text = path->brief;
	if (dir_bytes + 1 + name_bytes > sizeof(path->brief))
		path->text = malloc(dir_bytes + 1 + name_bytes);
	if (!path->text)
		return -ENOMEM;
	memcpy(path->text, dir, dir_bytes);
	path->text[dir_bytes] = '/';
	memcpy(path->text + dir_bytes + 1, name, name_bytes);
	return 0;
}

static void pin_path_free(struct pin_path *path)
{
	if (path->text != path->brief)
		free(path->text);
}

/*
 * Only root and the user of this process are trusted. Other users must not have write permission, except in a
 * directory with the sticky bit: there they cannot replace a file of a trusted owner. Each pin is also checked.
 */
static int pin_check_owner(const struct stat *file, struct rollcall_fault *fault)
{
	bool is_guarded = S_ISLNK(file->st_mode) || (S_ISDIR(file->st_mode) && file->st_mode & S_ISVTX);
	int err = 0;

	if (file->st_uid != geteuid())
		err = pin_expect(fault, FAULT_OWNER, file->st_uid, 0, 0);
	if (!err && !is_guarded)
		err = pin_expect(fault, FAULT_MODE, file->st_mode & (S_IWGRP | S_IWOTH), 0, 0);
	return err ? -EPERM : 0;
}

/* Of a symbolic link, both the link and its target are checked. */
static int pin_check_path(const char *path, struct rollcall_fault *fault)
{
	struct stat file;
	int err;

	if (lstat(path, &file))
		return -errno;
	err = pin_check_owner(&file, fault);
	if (err || !S_ISLNK(file.st_mode))
		return err;
	return stat(path, &file) ? -errno : pin_check_owner(&file, fault);
}

int rollcall_pin_check_dir(const char *dir, struct rollcall_fault *fault)
{
	*fault = (struct rollcall_fault){ .dir = dir, .pin = "" };
	return pin_check_path(dir, fault);
}

/*
 * If there is no file, bpf(2) returns the error; so the caller also gets the error of a kernel without bpf(2). A pin
 * that another process has just created was not checked, and is not used.
 */
static int pin_missing(const char *path)
{
	int fd = bpf_open_pin(path, BPF_F_RDONLY);

	if (fd < 0)
		return fd;
	close(fd);
	return -ENOENT;
}

/* The maps of peers have more entries than the settings allow peers, because an LRU map requires headroom. */
static int pin_check_entries(uint32_t entries, const struct pin_shape *shape, const struct rollcall_settings *settings,
			     struct rollcall_fault *fault)
{
	if (shape->entries != MAPS_PEERS)
		return pin_expect(fault, "number of entries", entries, shape->entries, shape->entries);
	return pin_expect(fault, "number of entries", entries, settings->max_peers, UINT32_MAX);
}

static int pin_check_map(int fd, const struct pin_shape *shape, const struct rollcall_settings *settings,
			 struct rollcall_fault *fault)
{
	struct bpf_map_info info;
	int err = bpf_map_info(fd, &info);

	if (!err)
		err = pin_expect(fault, "map type", info.type, shape->type, shape->type);
	if (!err)
		err = pin_expect(fault, "key size", info.key_size, shape->key_bytes, shape->key_bytes);
	if (!err)
		err = pin_expect(fault, "value size", info.value_size, shape->value_bytes, shape->value_bytes);
	if (!err)
		err = pin_expect(fault, "map flags", info.map_flags, shape->flags, shape->flags);
	if (!err)
		err = pin_check_entries(info.max_entries, shape, settings, fault);
	return err;
}

int rollcall_pin_open(const char *dir, enum pin pin, uint32_t flags, const struct rollcall_settings *settings,
		      struct rollcall_fault *fault)
{
	const struct pin_shape *shape = &shapes[pin];
	struct pin_path path;
	int fd, err;

	*fault = (struct rollcall_fault){ .dir = dir, .pin = shape->name };
	err = pin_path_make(&path, dir, shape->name);
	if (err)
		return err;
	err = pin_check_path(path.text, fault);
	fd = err == -ENOENT ? pin_missing(path.text) : err ? err : bpf_open_pin(path.text, flags);
	pin_path_free(&path);
	if (fd < 0)
		return fd;
	err = pin_check_map(fd, shape, settings, fault);
	if (!err)
		return fd;
	close(fd);
	return err;
}

static bool pin_is_zero(const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i])
			return false;
	return true;
}

static int pin_check_settings(const struct rollcall_settings *s, struct rollcall_fault *fault)
{
	int err = pin_expect(fault, "layout", s->layout, ROLLCALL_LAYOUT, ROLLCALL_LAYOUT);

	if (!err)
		err = pin_expect(fault, "max_peers", s->max_peers, 1, ROLLCALL_MAX_PEERS_MOST);
	if (!err)
		err = pin_expect(fault, "names_per_source", s->names_per_source, 0, ROLLCALL_MAX_PEERS_MOST);
	if (!err)
		err = pin_expect(fault, "port", s->port, 1, UINT16_MAX);
	if (!err)
		err = pin_expect(fault, "prefix_bytes", s->prefix_bytes, 1, ROLLCALL_PREFIX_MAX);
	if (!err)
		err = pin_expect(fault, "sealing", s->sealing, ROLLCALL_PLAIN, ROLLCALL_MIXED);
	if (!err)
		err = pin_expect(fault, "ignore_goodbye", s->ignore_goodbye, 0, 1);
	if (!err && !pin_is_zero((const char *)s->reserved, sizeof(s->reserved)))
		err = pin_expect(fault, "reserved", 1, 0, 0);
	if (!err)
		err = pin_expect(fault, "first byte of group4", s->group4[0], 224, 239);
	if (!err)
		err = pin_expect(fault, "first byte of group6", s->group6[0], 0xff, 0xff);
	if (!err && !pin_is_zero(s->prefix + s->prefix_bytes, sizeof(s->prefix) - s->prefix_bytes))
		err = pin_expect(fault, "padding of prefix", 1, 0, 0);
	if (!err)
		err = pin_expect(fault, "expiry_ns", s->expiry_ns, 1, ROLLCALL_EXPIRY_MOST_NS);
	if (!err)
		err = pin_expect(fault, "refresh_ns", s->refresh_ns, 1, ROLLCALL_REFRESH_NS(s->expiry_ns));
	if (!err)
		err = pin_expect(fault, "max_skew_ns", s->max_skew_ns, 0, s->expiry_ns / 2);
	return err;
}

int rollcall_pin_settings(const char *dir, int settings_fd, struct rollcall_settings *settings,
			  struct rollcall_fault *fault)
{
	static const struct rollcall_settings defaults = ROLLCALL_DEFAULT_SETTINGS;
	uint32_t zero = 0;
	int err = bpf_lookup(settings_fd, &zero, settings);

	*fault = (struct rollcall_fault){ .dir = dir, .pin = shapes[PIN_settings].name };
	if (err)
		return err;
	if (settings->layout)
		return pin_check_settings(settings, fault);
	*settings = defaults; /* pinned by another BPF loader: the defaults that are compiled in apply */
	return 0;
}
