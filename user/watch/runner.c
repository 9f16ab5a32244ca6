// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Starts programs, waits for them and terminates them. A program gets the event in its environment. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/pidfd.h"
#include "base/signals.h"
#include "runner.h"

/* Time between SIGTERM and SIGKILL. */
#define GRACE_NS NS_PER_S

static const char *const prefixes[] = {
#define X(name) [RUNNER_##name] = "ROLLCALL_" #name "=",
	RUNNER_VARIABLES(X)
#undef X
};

/* Returns 0 or -errno. */
static int check_program(const char *path)
{
	struct stat file;

	if (stat(path, &file))
		return -errno;
	if (!S_ISREG(file.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) ? -errno : 0;
}

/* Find PROGRAM as execvp(3) does, except that relative directories in PATH are ignored. */
static int find_program(struct runner *r, const char *program)
{
	const char *dirs = getenv("PATH"), *next;
	int err = -ENOENT;

	if (strchr(program, '/')) {
		if (snprintf(r->program, sizeof(r->program), "%s", program) >= (int)sizeof(r->program))
			return -ENAMETOOLONG;
		return check_program(r->program);
	}
	for (const char *dir = dirs ? dirs : "/usr/bin:/bin"; *dir; dir = next) {
		size_t bytes = strcspn(dir, ":");
		int found;

		next = dir + bytes + (dir[bytes] == ':');
		if (*dir != '/' ||
		    snprintf(r->program, sizeof(r->program), "%.*s/%s", (int)bytes, dir, program) >= (int)sizeof(r->program))
			continue;
		found = check_program(r->program);
		if (!found)
			return 0;
		if (found == -EACCES)
			err = found;
	}
	return err;
}

int runner_open(struct runner *r, const char *program, uint64_t limit_ns)
{
	int err;

	*r = (struct runner)RUNNER_NONE;
	r->limit_ns = limit_ns;
	err = find_program(r, program);
	if (err)
		return fail(err, NULL, "cannot run '%s'", program);
	r->timer = clock_timer();
	if (r->timer < 0)
		return fail(r->timer, NULL, "cannot make a timer");
	r->queue = calloc(RUNNER_QUEUE, sizeof(*r->queue)); /* pages are allocated when they are used */
	return r->queue ? 0 : fail(-ENOMEM, NULL, "cannot queue events for '%s'", program);
}

static void set(struct runner_call *call, enum runner_variable variable, const char *value)
{
	snprintf(call->variables[variable], sizeof(call->variables[variable]), "%s%s", prefixes[variable], value);
}

static void describe(struct runner_call *call, const struct table_info *info, const struct event *event)
{
	char name[ROLLCALL_NAME_TEXT], dev[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT], when[RFC3339_BYTES];

	*call = (struct runner_call){};
	set(call, RUNNER_EVENT, event->event);
	set(call, RUNNER_REASON, event->reason);
	set(call, RUNNER_TIME, clock_rfc3339(&info->now, event->boot_ns, when));
	if (!event->entry)
		return;
	rollcall_ifname_text(info->slots, event->entry->key.ifindex, dev);
	set(call, RUNNER_NAME, rollcall_name_text(event->entry, name));
	set(call, RUNNER_ADDRESS, rollcall_address_text(event->entry, dev, address));
	set(call, RUNNER_DEV, dev);
	set(call, RUNNER_FAMILY, event->entry->key.family == ROLLCALL_FAMILY_IPV4 ? "4" : "6");
	if (event->previous)
		set(call, RUNNER_PREVIOUS, rollcall_address_text(event->previous, dev, address));
}

void runner_add(struct runner *r, const struct table_info *info, const struct event *event)
{
	if (r->waiting == RUNNER_QUEUE) {
		if (!r->full)
			warn("'%s': too slow: %u events wait: further events are dropped", r->program,
			     r->waiting);
		r->full = true;
		r->dropped++;
		return;
	}
	if (r->waiting < RUNNER_QUEUE / 2) /* until then it is the same overflow, which was reported */
		r->full = false;
	describe(&r->queue[(r->first + r->waiting) % RUNNER_QUEUE], info, event);
	r->waiting++;
}

/* If a runner started this process, its environment has variables of another event: they are left out. */
static bool is_ours(const char *variable)
{
	for (int i = 0; i < RUNNER_VARIABLE_COUNT; i++)
		if (!strncmp(variable, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

/* Returns an array on the heap. Its strings belong to CALL and to the environment of this process. */
static char **make_environment(struct runner_call *call)
{
	size_t count = 0;
	char **made;

	while (environ[count])
		count++;
	made = calloc(count + RUNNER_VARIABLE_COUNT + 1, sizeof(*made));
	if (!made)
		return NULL;
	count = 0;
	for (char **variable = environ; *variable; variable++)
		if (!is_ours(*variable))
			made[count++] = *variable;
	for (int i = 0; i < RUNNER_VARIABLE_COUNT; i++)
		if (*call->variables[i])
			made[count++] = call->variables[i];
	return made;
}

/* Runs in the child. execvp(3) is not used, because it may run the file by a shell. */
static void __attribute__((noreturn)) execute(const struct runner *r, char **environment, int report_fd)
{
	char *const argv[] = { (char *)r->program, NULL };
	int err, input = open("/dev/null", O_RDONLY);

	signals_restore();
	if (!setpgid(0, 0) && input >= 0 && dup2(input, STDIN_FILENO) >= 0) {
		if (input != STDIN_FILENO)
			close(input);
		execve(r->program, argv, environment);
	}
	err = errno;
	if (write(report_fd, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

/* Returns 0 or an errno. The child writes the errno of execve(2) to a pipe, which a successful execve(2) closes. */
static int spawn(struct runner *r, struct runner_call *call)
{
	owned_heap char **environment = make_environment(call);
	int report[2], err = 0;

	if (!environment)
		return ENOMEM;
	if (pipe2(report, O_CLOEXEC))
		return errno;
	r->pid = fork();
	if (!r->pid)
		execute(r, environment, report[1]);
	if (r->pid < 0)
		err = errno;
	close(report[1]);
	if (!err && read(report[0], &err, sizeof(err)) == sizeof(err))
		waitpid(r->pid, NULL, 0);
	close(report[0]);
	return err;
}

/*
 * Send SIGNAL to the process group of the program, because its children may hang too. The group exists until the
 * program is reaped.
 */
static void end_group(struct runner *r, int signal)
{
	kill(-r->pid, signal);
	r->killed = r->asked;
	r->asked = true;
	clock_timer_set(r->timer, rollcall_now_ns() + GRACE_NS);
}

static void reap(struct runner *r)
{
	int status = 0;

	if (r->asked)
		kill(-r->pid, SIGKILL); /* its remaining children */
	while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (r->asked)
		r->ended++;
	else if (!WIFEXITED(status) || WEXITSTATUS(status))
		r->failed++;
	if (r->asked)
		verbose("'%s' was ended", r->program);
	else if (WIFSIGNALED(status))
		verbose("'%s' was ended by signal %d", r->program, WTERMSIG(status));
	else if (WEXITSTATUS(status))
		verbose("'%s' ended with exit status %d", r->program, WEXITSTATUS(status));
	cleanup_fd(&r->pidfd);
	r->pidfd = -1;
	r->pid = 0;
	r->asked = r->killed = false;
	clock_timer_set(r->timer, 0);
}

static void start_next(struct runner *r)
{
	struct runner_call *call = &r->queue[r->first];
	int err = spawn(r, call);

	r->first = (r->first + 1) % RUNNER_QUEUE;
	r->waiting--;
	r->run++;
	if (!err) {
		r->pidfd = pidfd_of(r->pid);
		if (r->pidfd >= 0) {
			r->cannot_start = false;
			clock_timer_set(r->timer, rollcall_now_ns() + r->limit_ns);
			return;
		}
		err = errno; /* without a pidfd its exit would not be noticed */
		end_group(r, SIGKILL);
		reap(r);
		r->ended--;
	}
	r->pid = 0;
	r->failed++;
	if (!r->cannot_start)
		warn("cannot run '%s': %s", r->program, strerror(err));
	r->cannot_start = true;
}

void runner_turn(struct runner *r)
{
	struct pollfd late = { .fd = r->timer, .events = POLLIN };

	if (r->pid && pidfd_wait(r->pidfd, 0)) {
		reap(r);
	} else if (r->pid && poll(&late, 1, 0) > 0) {
		clock_timer_ack(r->timer);
		if (!r->killed)
			end_group(r, r->asked ? SIGKILL : SIGTERM);
	}
	while (!r->pid && r->waiting)
		start_next(r);
}

void runner_close(struct runner *r)
{
	if (r->pid) {
		if (!r->asked)
			end_group(r, SIGTERM);
		if (!pidfd_wait(r->pidfd, GRACE_NS / NS_PER_MS))
			kill(-r->pid, SIGKILL);
		reap(r);
	}
	r->dropped += r->waiting;
	if (r->failed || r->ended || r->dropped)
		warn("'%s': %llu run, of these %llu failed and %llu were ended; %llu events dropped", r->program,
		     (unsigned long long)r->run, (unsigned long long)r->failed, (unsigned long long)r->ended,
		     (unsigned long long)r->dropped);
	else if (r->run)
		verbose("'%s': %llu run", r->program, (unsigned long long)r->run);
	cleanup_fd(&r->timer);
	free(r->queue);
	*r = (struct runner)RUNNER_NONE;
}
