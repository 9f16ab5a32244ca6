// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Records of attachments. What they stand for is made and undone in attachment.c. */
#include <bpf/bpf.h>
#include <errno.h>

#include "base/message.h"
#include "base/process.h"
#include "slots.h"

int slots_read(const struct table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS])
{
	struct rollcall_table reader = table_reader(t);
	int err = rollcall_records(&reader, slots);

	return err ? fail(err, NULL, "cannot read what is attached") : 0;
}

bool slot_has_loader(const struct table *t, const struct rollcall_attachment *record)
{
	bool swept = table_is_swept(t);
	enum process_life life = process_life(record, swept);

	/* a stopped one keeps its locks, and goes on when it is continued */
	return life == PROCESS_ALIVE || life == PROCESS_STOPPED || (life == PROCESS_UNSEEN && swept);
}

const char *slot_loader_remedy(const struct rollcall_attachment *record)
{
	return process_life(record, false) == PROCESS_STOPPED ?
		"it is suspended: continue it with 'kill -CONT', or terminate it with 'kill -KILL'" : "stop it first";
}

int slot_write(const struct table *t, uint32_t slot, const struct rollcall_attachment *record)
{
	if (bpf_map_update_elem(t->interfaces_fd, &slot, record, BPF_ANY))
		return fail(-errno, NULL, "cannot record what is attached to '%s'", record->ifname);
	return 0;
}
