/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The commands of bpf(2) that reading requires. They do not use libbpf, because the library is loaded into
 * the processes of other programs (nss/) and must not bring dependencies.
 */
#ifndef ROLLCALL_LIB_BPF_H
#define ROLLCALL_LIB_BPF_H

#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Returns the result of the command, or -errno. In BYTES of ATTR, all behind the last field used must be zero. */
static inline int bpf_call_short(int command, union bpf_attr *attr, size_t bytes)
{
	long result = syscall(SYS_bpf, command, attr, bytes);

	return result < 0 ? -errno : (int)result;
}

static inline int bpf_call(int command, union bpf_attr *attr)
{
	return bpf_call_short(command, attr, sizeof(*attr));
}

static inline uint64_t bpf_pointer(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

/* FLAGS: BPF_F_RDONLY, or 0 for reading and writing. */
static inline int bpf_open_pin(const char *path, uint32_t flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.pathname = bpf_pointer(path);
	attr.file_flags = flags;
	return bpf_call(BPF_OBJ_GET, &attr);
}

static inline int bpf_lookup(int map_fd, const void *key, void *value)
{
	const size_t bytes = offsetof(union bpf_attr, flags) + sizeof(((union bpf_attr *)0)->flags);
	union bpf_attr attr;

	/* short, because at each of many calls the kernel reads as many bytes as it is given */
	memset(&attr, 0, bytes);
	attr.map_fd = (uint32_t)map_fd;
	attr.key = bpf_pointer(key);
	attr.value = bpf_pointer(value);
	return bpf_call_short(BPF_MAP_LOOKUP_ELEM, &attr, bytes);
}

/* IN and OUT are positions; IN is NULL at the beginning. COUNT is the room, and then the number of entries read. */
static inline int bpf_lookup_batch(int map_fd, const void *in, void *out, void *keys, void *values, uint32_t *count)
{
	union bpf_attr attr;
	int err;

	memset(&attr, 0, sizeof(attr));
	attr.batch.map_fd = (uint32_t)map_fd;
	attr.batch.in_batch = bpf_pointer(in);
	attr.batch.out_batch = bpf_pointer(out);
	attr.batch.keys = bpf_pointer(keys);
	attr.batch.values = bpf_pointer(values);
	attr.batch.count = *count;
	err = bpf_call(BPF_MAP_LOOKUP_BATCH, &attr);
	*count = attr.batch.count;
	return err;
}

static inline int bpf_map_info(int map_fd, struct bpf_map_info *info)
{
	union bpf_attr attr;

	memset(info, 0, sizeof(*info));
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)map_fd;
	attr.info.info_len = sizeof(*info);
	attr.info.info = bpf_pointer(info);
	return bpf_call(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

#endif
