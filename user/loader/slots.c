// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Records of attachments. What they stand for is made and undone in attachment.c. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/message.h"
#include "slots.h"

int slots_read(const struct table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS])
{
	struct rollcall_table reader = table_reader(t);
	int err = rollcall_slots(&reader, slots);

	return err ? fail(err, NULL, "cannot read what is attached") : 0;
}

int slot_write(const struct table *t, uint32_t slot, const struct rollcall_attachment *record)
{
	if (bpf_map_update_elem(t->interfaces_fd, &slot, record, BPF_ANY))
		return fail(-errno, NULL, "cannot record what is attached to '%s'", record->ifname);
	return 0;
}

int slot_find(const struct rollcall_attachment slots[ROLLCALL_SLOTS], uint32_t ifindex)
{
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex == ifindex)
			return slot;
	return -ENOENT;
}

int slot_find_name(const struct rollcall_attachment slots[ROLLCALL_SLOTS], const char *ifname)
{
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex && !strcmp(slots[slot].ifname, ifname))
			return slot;
	return -ENOENT;
}

/* Field 22 of /proc/PID/stat (proc(5)); 0 when there is no such process, or it is a zombie. */
static uint64_t process_start(int pid)
{
	char path[32], stat[1024], *field;
	size_t bytes;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	bytes = fread(stat, 1, sizeof(stat) - 1, file);
	fclose(file);
	stat[bytes] = '\0';
	field = strrchr(stat, ')'); /* field 2, the name, may hold anything */
	if (!field || !strncmp(field, ") Z", 3) || !strncmp(field, ") X", 3))
		return 0;
	for (int number = 2; field && number < 22; number++)
		field = strchr(field + 1, ' ');
	return field ? strtoull(field, NULL, 10) : 0;
}

int slot_loader(const struct rollcall_attachment *record)
{
	int pid = (int)record->loader_pid;

	return pid && process_start(pid) == record->loader_start ? pid : 0;
}

void slot_set_loader(struct rollcall_attachment *record)
{
	record->loader_pid = (uint32_t)getpid();
	record->loader_start = process_start(getpid());
}

const char *mode_name(uint32_t mode)
{
	static const char *const names[] = {
		[ROLLCALL_MODE_NONE] = "none",	   [ROLLCALL_MODE_NATIVE] = "native",
		[ROLLCALL_MODE_GENERIC] = "generic", [ROLLCALL_MODE_TCX] = "tcx",
		[ROLLCALL_MODE_CLSACT] = "clsact",
	};

	return mode < sizeof(names) / sizeof(names[0]) ? names[mode] : "unknown";
}
