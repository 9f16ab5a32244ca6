// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Capabilities, by libcap-ng. */
#include <bpf/bpf.h>
#include <cap-ng.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "hint.h"
#include "message.h"
#include "privilege.h"

/* The kernel accepts CAP_SYS_ADMIN in place of CAP_BPF and CAP_PERFMON, which are newer. */
static bool have(unsigned int capability)
{
	return capng_have_capability(CAPNG_EFFECTIVE, capability) ||
	       (capability != CAP_NET_ADMIN && capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN));
}

const char *privilege_remedy(int err)
{
	if (err == -ENOSYS)
		return "this kernel is built without bpf(2): CONFIG_BPF_SYSCALL";
	if (err != -EPERM && err != -EACCES)
		return NULL;
	return have(CAP_BPF) ? "BPF is forbidden here: lockdown, a security module or a system-call filter" :
			       "run it as root";
}

const char *privilege_pin_remedy(int err)
{
	/* also as root: privilege_confine() drops the capabilities that override permissions */
	if (err == -EACCES && have(CAP_BPF))
		return hint_text("it belongs to another user: run it as that user, or remove it by 'rollcall detach --all%s'",
				 hint_pin_dir());
	return privilege_remedy(err);
}

/* CAP_PERFMON: the verifier requires it for variable arithmetic on packet pointers */
static const struct {
	unsigned int id;
	const char *name;
} needed[] = { { CAP_BPF, "CAP_BPF" }, { CAP_NET_ADMIN, "CAP_NET_ADMIN" }, { CAP_PERFMON, "CAP_PERFMON" } };

#define NEEDED_COUNT (sizeof(needed) / sizeof(needed[0]))

int privilege_check(enum privilege privilege, const char *command)
{
	char missing[64] = "";

	if (privilege == PRIVILEGE_NONE)
		return 0;
	for (size_t i = 0; i < NEEDED_COUNT; i++) {
		if (have(needed[i].id))
			continue;
		snprintf(missing + strlen(missing), sizeof(missing) - strlen(missing), " %s", needed[i].name);
	}
	if (!*missing)
		return 0;
	return fail(-EPERM, "run it as root, or with these capabilities", "'%s' needs%s", command, missing);
}

/* Returns 0 or -errno. */
static int privilege_apply(capng_select_t set)
{
	errno = 0;
	if (!capng_apply(set))
		return 0;
	return errno ? -errno : -EPERM; /* capng_apply() also fails without a failed system call */
}

/*
 * Remove from the bounding set all capabilities that were not added to libcap-ng's set. capng_apply() is not used,
 * because it returns 0 when the kernel rejects the change (up to version 0.8.3 at least). Returns 0 or -errno.
 */
static int privilege_bound(void)
{
	for (unsigned int id = 0; prctl(PR_CAPBSET_READ, id, 0, 0, 0) >= 0; id++)
		if (!capng_have_capability(CAPNG_BOUNDING_SET, id) && prctl(PR_CAPBSET_DROP, id, 0, 0, 0))
			return -errno;
	return 0;
}

int privilege_kept(int err)
{
	return fail(err, NULL, "cannot give up capabilities");
}

/*
 * Keep only the needed capabilities. The inheritable and ambient sets become empty, so that an executed program gets
 * none. CAP_SYS_ADMIN is kept if a needed capability is missing, because it stands in for CAP_BPF and CAP_PERFMON. With
 * AT_FIRST it is kept if the process has it: BPF_MAP_GET_FD_BY_ID requires it to read the maps of the filter of another
 * loader.
 */
static int keep(bool at_first)
{
	bool had[NEEDED_COUNT], stand_in = false;
	/*
	 * without CAP_SETPCAP libcap-ng would log an error; in a systemd unit the bounding set is already the right one
	 */
	const bool may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	const capng_type_t sets = CAPNG_EFFECTIVE | CAPNG_PERMITTED;
	int err = 0;

	for (size_t i = 0; i < NEEDED_COUNT; i++) {
		had[i] = capng_have_capability(CAPNG_EFFECTIVE, needed[i].id);
		stand_in = stand_in || !had[i];
	}
	at_first = at_first && capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN);
	capng_clear(CAPNG_SELECT_ALL);
	for (size_t i = 0; i < NEEDED_COUNT; i++)
		if (had[i])
			capng_update(CAPNG_ADD, sets | CAPNG_BOUNDING_SET, needed[i].id);
	if (stand_in || at_first)
		capng_update(CAPNG_ADD, sets, CAP_SYS_ADMIN);
	if (stand_in)
		capng_update(CAPNG_ADD, CAPNG_BOUNDING_SET, CAP_SYS_ADMIN);
	if (may_bound)
		err = privilege_bound();
	if (!err)
		err = privilege_apply(CAPNG_SELECT_CAPS);
	if (!err)
		err = privilege_apply(CAPNG_SELECT_AMBIENT);
	return err ? privilege_kept(err) : 0;
}

int privilege_confine(void)
{
	if (!capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP)) /* harmless: the loader executes no program */
		verbose("the bounding set of capabilities stays as it is");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return fail(-errno, NULL, "cannot set no_new_privs");
	return keep(true);
}

int privilege_confine_more(void)
{
	return keep(false);
}

/* Does bpf(2) fail with EPERM? If it is allowed, opening the pin "" fails with another error. */
static bool bpf_is_refused(void)
{
	return bpf_obj_get("") < 0 && errno == EPERM;
}

int privilege_drop(void)
{
	const bool had = capng_have_capability(CAPNG_EFFECTIVE, CAP_BPF);
	const bool may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	int err = 0;

	capng_clear(CAPNG_SELECT_ALL);
	if (may_bound)
		err = privilege_bound();
	if (had)
		capng_update(CAPNG_ADD, CAPNG_PERMITTED, CAP_BPF);
	if (!err)
		err = privilege_apply(CAPNG_SELECT_CAPS);
	if (!err && had) {
		if (bpf_is_refused())
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, CAP_BPF);
		else
			capng_update(CAPNG_DROP, CAPNG_PERMITTED, CAP_BPF);
		err = privilege_apply(CAPNG_SELECT_CAPS);
	}
	if (!err)
		err = privilege_apply(CAPNG_SELECT_AMBIENT);
	if (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = -errno;
	return err;
}
