// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A pin is another program's until it was validated: nothing of a map is read before. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "bpf.h"
#include "pin.h"

static const struct pin_shape shapes[] = {
#define X(name, type, key, value, entries, flags) \
	[PIN_##name] = { #name, BPF_MAP_TYPE_##type, sizeof(key), sizeof(value), entries, flags },
	PINNED_MAPS(X)
#undef X
};

/* Returns 0 if FOUND is in the range, else -EMEDIUMTYPE, noted in FAULT. */
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

static int pin_check_map(int fd, const struct pin_shape *shape, struct rollcall_fault *fault)
{
	struct bpf_map_info info;
	int err = bpf_map_info(fd, &info);

	if (!err)
		err = pin_expect(fault, "map type", info.type, shape->type, shape->type);
	if (!err)
		err = pin_expect(fault, "key size", info.key_size, shape->key_bytes, shape->key_bytes);
	if (!err)
		err = pin_expect(fault, "value size", info.value_size, shape->value_bytes, shape->value_bytes);
	return err;
}

int rollcall_pin_open(const char *dir, enum pin pin, uint32_t flags, const struct rollcall_settings *settings,
		      struct rollcall_fault *fault)
{
	const struct pin_shape *shape = &shapes[pin];
	char path[PATH_MAX];
	int fd, err;

	(void)settings;
	*fault = (struct rollcall_fault){ .dir = dir, .pin = shape->name };
	if (snprintf(path, sizeof(path), "%s/%s", dir, shape->name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = bpf_open_pin(path, flags);
	if (fd < 0)
		return fd;
	err = pin_check_map(fd, shape, fault);
	if (!err)
		return fd;
	close(fd);
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
	if (!settings->layout) {
		*settings = defaults; /* pinned by another loader: what is compiled in is in force */
		return 0;
	}
	return pin_expect(fault, "layout", settings->layout, ROLLCALL_LAYOUT, ROLLCALL_LAYOUT);
}
