// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The iterator's object; the only file that sees its skeleton. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "iterator.h"
#include "message.h"
#include "pins.h"
#include "table_iter.skel.h"

static int link_and_pin(const struct table_iter_bpf *object, const struct table *t, const char *pin)
{
	union bpf_iter_link_info over = { .map.map_fd = (uint32_t)t->peers_fd };
	LIBBPF_OPTS(bpf_link_create_opts, opts, .iter_info = &over, .iter_info_len = sizeof(over));
	owned_fd link = bpf_link_create(bpf_program__fd(object->progs.rollcall_table), 0, BPF_TRACE_ITER, &opts);

	return link < 0 ? link : bpf_obj_pin(link, pin);
}

static int make(const struct table *t, const char *pin)
{
	struct table_iter_bpf *object = table_iter_bpf__open();
	int err;

	if (!object)
		return -errno;
	object->rodata->config = t->settings;
	err = bpf_map__reuse_fd(object->maps.interfaces, t->interfaces_fd);
	if (!err)
		err = table_iter_bpf__load(object);
	if (!err)
		err = link_and_pin(object, t, pin);
	table_iter_bpf__destroy(object);
	return err;
}

void iterator_provide(const char *dir, const struct table *t)
{
	char pin[PATH_MAX];
	int err = 0;

	if (access(pins_path(dir, TABLE_PIN, pin), F_OK)) {
		message_take_libbpf();
		err = make(t, pin);
	}
	if (!err && chmod(pin, 0444)) /* also of one whose loader was killed before it did */
		err = -errno;
	if (err)
		verbose("no '%s' to read the table from: %s; it needs a kernel with BTF", pin, strerror(-err));
}
