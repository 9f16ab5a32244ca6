// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Opening all maps of a table for writing. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/table_fault.h"
#include "lib/pin.h"
#include "table.h"

static int table_map_state(struct table *t)
{
	void *memory = mmap(NULL, sizeof(*t->state), PROT_READ | PROT_WRITE, MAP_SHARED, t->state_fd, 0);

	if (memory == MAP_FAILED)
		return fail(-errno, NULL, "cannot map '%s/state'", t->dir);
	t->state = memory;
	return 0;
}

/* The settings come first: the other maps are validated against them. */
static int table_open_maps(struct table *t, struct rollcall_fault *fault)
{
	int err = rollcall_pin_check_dir(t->dir, fault);

	if (err && err != -ENOENT) /* then the pin says what is missing */
		return err;
	t->settings_fd = rollcall_pin_open(t->dir, PIN_settings, 0, NULL, fault);
	if (t->settings_fd < 0)
		return t->settings_fd;
	err = rollcall_pin_settings(t->dir, t->settings_fd, &t->settings, fault);
	if (err)
		return err;
#define X(name, ...)                                                                               \
	if (t->name##_fd < 0)                                                                      \
		t->name##_fd = rollcall_pin_open(t->dir, PIN_##name, 0, &t->settings, fault);      \
	if (t->name##_fd < 0)                                                                      \
		return t->name##_fd;
	PINNED_MAPS(X)
#undef X
	return 0;
}

int table_open(struct table *t, const char *pin_dir)
{
	struct rollcall_fault fault;
	int err;

	*t = (struct table)TABLE_CLOSED;
	t->dir = pin_dir;
	err = table_open_maps(t, &fault);
	return err ? table_fault(err, &fault) : table_map_state(t);
}

void table_close(struct table *t)
{
	if (t->state)
		munmap(t->state, sizeof(*t->state));
#define X(name, ...) cleanup_fd(&t->name##_fd);
	PINNED_MAPS(X)
#undef X
	*t = (struct table)TABLE_CLOSED;
}
