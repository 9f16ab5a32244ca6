// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The iterator's object; the only file that sees its skeleton. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "iterator.h"
#include "libbpf_log.h"
#include "base/message.h"
#include "pins.h"
#include "table_iter.skel.h"

/* Returns the link or -errno. */
static int make_link(const struct table_iter_bpf *object, const struct table *t)
{
	union bpf_iter_link_info over = { .map.map_fd = (uint32_t)t->peers_fd };
	LIBBPF_OPTS(bpf_link_create_opts, opts, .iter_info = &over, .iter_info_len = sizeof(over));

	return bpf_link_create(bpf_program__fd(object->progs.rollcall_table), 0, BPF_TRACE_ITER, &opts);
}

/* Loading takes most of the time that attaching does besides the filter: libbpf reads the kernel's types. */
static int make(const struct table *t)
{
	struct table_iter_bpf *object = table_iter_bpf__open();
	int link;

	if (!object)
		return -errno;
	object->rodata->config = t->settings;
	link = bpf_map__reuse_fd(object->maps.interfaces, t->interfaces_fd);
	if (!link)
		link = table_iter_bpf__load(object);
	if (!link)
		link = make_link(object, t);
	table_iter_bpf__destroy(object);
	return link;
}

void iterator_provide(const char *const *dirs, const struct table *t)
{
	owned_fd link = -1;
	char pin[PATH_MAX];
	int err = 0;

	for (; *dirs && !err; dirs++) {
		if (access(pins_path(*dirs, TABLE_PIN, pin), F_OK)) {
			libbpf_log_take();
			if (link < 0)
				link = make(t);
			err = link < 0 ? link : bpf_obj_pin(link, pin);
		}
		if (!err && chmod(pin, 0444)) /* also of one whose loader was killed before it did */
			err = -errno;
	}
	if (err)
		verbose("cannot make '%s', the table as text: %s: it needs a kernel with BTF that allows tracing programs", pin,
			strerror(-err));
}
