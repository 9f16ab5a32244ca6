// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * New keys are written before old ones are deleted, and a write replaces a key atomically. So no message is rejected
 * whose key is in the file before and after a change. Entries have no key: a rotation changes none of them.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#include "base/message.h"
#include "keymap.h"

_Static_assert(KEY_BYTES == ROLLCALL_KEY_BYTES && KEY_ID_MOST == ROLLCALL_KEYS, "a file fits into the map");

static bool keyfile_has(const struct keyfile *file, uint32_t id)
{
	for (int i = 0; i < file->count; i++)
		if (file->keys[i].id == id)
			return true;
	return false;
}

/* Returns 0 or -errno, not reported. */
static int add_keys(const struct table *t, const struct keyfile *file)
{
	struct rollcall_key key;
	int err = 0;

	for (int i = 0; !err && i < file->count; i++) {
		uint32_t id = file->keys[i].id;

		memcpy(key.bytes, file->keys[i].bytes, sizeof(key.bytes));
		err = bpf_map_update_elem(t->keys_fd, &id, &key, BPF_ANY) ? -errno : 0;
	}
	explicit_bzero(&key, sizeof(key));
	return err;
}

/* Ids are few, so each is tried: a walk would end early at a key that another loader deletes. */
static int remove_others(const struct table *t, const struct keyfile *file)
{
	for (uint32_t id = 1; id <= ROLLCALL_KEYS; id++)
		if (!keyfile_has(file, id) && bpf_map_delete_elem(t->keys_fd, &id) && errno != ENOENT)
			return -errno;
	return 0;
}

static int write_all(const struct table *t, const struct keyfile *file)
{
	int err = add_keys(t, file);

	if (!err)
		err = remove_others(t, file);
	return err ? fail(err, NULL, "cannot write the keys of the table in '%s'", t->dir) : 0;
}

int keymap_open(struct keymap *m, const char *path, bool keep)
{
	*m = (struct keymap)KEYMAP_NONE;
	m->keep = keep;
	if (!path)
		return 0;
	keywatch_open(&m->watch, path);
	m->file = keyfile_load(path);
	return m->file ? 0 : -EINVAL;
}

/* Does the map have keys, and other ones than FILE? */
static bool has_other_keys(const struct table *t, const struct keyfile *file)
{
	struct rollcall_key key;
	bool differs = false;
	int found = 0;

	for (uint32_t id = 1; id <= ROLLCALL_KEYS; id++) {
		if (bpf_map_lookup_elem(t->keys_fd, &id, &key))
			continue;
		found++;
		differs |= !keyfile_has(file, id);
		for (int i = 0; i < file->count; i++)
			differs |= file->keys[i].id == id && memcmp(file->keys[i].bytes, key.bytes, sizeof(key.bytes));
	}
	explicit_bzero(&key, sizeof(key));
	return differs || (found && found != file->count);
}

int keymap_write(struct keymap *m, const struct table *t)
{
	int err;

	if (m->file && has_other_keys(t, m->file))
		warn("the table in '%s' had other keys: those of key file '%s' replace them", t->dir, m->watch.path);
	else if (!m->watch.path && t->settings.sealing)
		warn("the table in '%s' requires seals, and its keys stay as they are (--key FILE sets them%s)", t->dir,
		     m->keep ? ", and seals the announcements of this host" : "");
	err = m->file ? write_all(t, m->file) : 0;
	if (!m->keep) {
		keyfile_free(m->file);
		m->file = NULL;
	}
	return err;
}

void keymap_follow(struct keymap *m, const struct table *t)
{
	struct keyfile *file;

	if (m->watch.fd < 0)
		return;
	file = m->keep ? m->file : keyfile_new();
	if (file && keywatch_take(&m->watch, file))
		write_all(t, file);
	if (!m->keep)
		keyfile_free(file);
}

/* A file that is changed at this moment differs too, but only once: keymap_follow() then takes it. */
#define OTHER_SEEN_LEAST 2

static bool table_has_other_keys(const struct keymap *m, const struct table *t)
{
	struct keyfile *file = m->keep ? m->file : keyfile_new();
	struct keyfile_fault fault;
	bool other;

	if (!file)
		return false;
	/* keywatch_take() reports a faulty file */
	other = (m->keep || !keyfile_read(file, m->watch.path, 1, &fault)) && has_other_keys(t, file);
	if (!m->keep)
		keyfile_free(file);
	return other;
}

void keymap_check(struct keymap *m, const struct table *t)
{
	if (!m->watch.path)
		return;
	if (!table_has_other_keys(m, t)) {
		m->other_seen = 0;
		return;
	}
	if (m->other_seen == OTHER_SEEN_LEAST)
		return; /* reported before */
	m->other_seen++;
	if (m->other_seen == OTHER_SEEN_LEAST)
		warn("the table in '%s' has other keys than key file '%s': give all of its loaders the same keys", t->dir,
		     m->watch.path);
}

void keymap_close(struct keymap *m)
{
	keyfile_free(m->file);
	keywatch_close(&m->watch);
	*m = (struct keymap)KEYMAP_NONE;
}
