// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Calls the functions of libnss_rollcall.so.2 directly, as libc does, and also in ways that libc would hide.
 *
 *	nss_call ask FUNCTION WHAT	prints status, errno, h_errno; then name, addresses with their scopes, ttl
 *	nss_call room FUNCTION WHAT	the same with buffers of increasing size, from 0 on, at even and at odd
 *					addresses: a small buffer must be reported as glibc expects, and nothing
 *					may be written after its end
 *	nss_call fds COUNT WHAT		COUNT calls of every function: descriptors before and after
 *	nss_call time COUNT WHAT	nanoseconds per call of name4, or of addr2 for an address
 *	nss_call stack BYTES WHAT	bytes of stack that each function takes, in a thread that has BYTES; WHAT is
 *					a name, or for the functions of addresses 10.77.0.7
 *
 * FUNCTION: name4, name3-inet, name3-inet6, name2-inet, name2-inet6, name2-unix, name, addr2, addr; WHAT is a name, for
 * the last two an address. Exit status 1: an error was found.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nss/module.h"

#define MODULE	    "libnss_rollcall.so.2"
#define BUFFER_MAX  8192
#define GUARD_BYTES 64
#define GUARD	    0x5a

struct function {
	const char *word, *symbol;
	int family;
};

static const struct function functions[] = {
	{ "name4", "_nss_rollcall_gethostbyname4_r", AF_UNSPEC },
	{ "name3-inet", "_nss_rollcall_gethostbyname3_r", AF_INET },
	{ "name3-inet6", "_nss_rollcall_gethostbyname3_r", AF_INET6 },
	{ "name2-inet", "_nss_rollcall_gethostbyname2_r", AF_INET },
	{ "name2-inet6", "_nss_rollcall_gethostbyname2_r", AF_INET6 },
	{ "name2-unix", "_nss_rollcall_gethostbyname2_r", AF_UNIX },
	{ "name", "_nss_rollcall_gethostbyname_r", AF_INET },
	{ "addr2", "_nss_rollcall_gethostbyaddr2_r", AF_UNSPEC },
	{ "addr", "_nss_rollcall_gethostbyaddr_r", AF_UNSPEC },
};
#define FUNCTIONS ((int)(sizeof(functions) / sizeof(functions[0])))

struct outcome {
	enum nss_status status;
	int error, h_error;
	int32_t ttl;
	char *canonical;
	struct gaih_addrtuple *tuples;
	struct hostent host;
};

static struct outcome call(void *module, const struct function *f, const char *what, char *buffer, size_t bytes)
{
	struct outcome o = { .error = -1, .h_error = -1, .ttl = -1 };
	int family = strchr(what, ':') ? AF_INET6 : AF_INET, *e = &o.error, *h = &o.h_error;
	void *symbol = dlsym(module, f->symbol);
	unsigned char address[16];

	if (!symbol) {
		puts(dlerror());
		exit(1);
	}
	if (!strncmp(f->word, "addr", 4) && inet_pton(family, what, address) != 1) {
		printf("'%s' is no address\n", what);
		exit(1);
	}
	if (!strcmp(f->word, "name4"))
		o.status = ((__typeof__(&_nss_rollcall_gethostbyname4_r))symbol)(what, &o.tuples, buffer, bytes, e, h, &o.ttl);
	else if (!strncmp(f->word, "name3", 5))
		o.status = ((__typeof__(&_nss_rollcall_gethostbyname3_r))symbol)(what, f->family, &o.host, buffer, bytes, e,
										 h, &o.ttl, &o.canonical);
	else if (!strncmp(f->word, "name2", 5))
		o.status = ((__typeof__(&_nss_rollcall_gethostbyname2_r))symbol)(what, f->family, &o.host, buffer, bytes, e,
										 h);
	else if (!strcmp(f->word, "name"))
		o.status = ((__typeof__(&_nss_rollcall_gethostbyname_r))symbol)(what, &o.host, buffer, bytes, e, h);
	else if (!strcmp(f->word, "addr2"))
		o.status = ((__typeof__(&_nss_rollcall_gethostbyaddr2_r))symbol)(
			address, family == AF_INET ? 4 : 16, family, &o.host, buffer, bytes, e, h, &o.ttl);
	else
		o.status = ((__typeof__(&_nss_rollcall_gethostbyaddr_r))symbol)(address, family == AF_INET ? 4 : 16, family,
										&o.host, buffer, bytes, e, h);
	return o;
}

static void print(const struct outcome *o)
{
	static const char *const statuses[] = { "TRYAGAIN", "UNAVAIL", "NOTFOUND", "SUCCESS" };
	static const char *const h_errors[] = { "0", "HOST_NOT_FOUND", "TRY_AGAIN", "NO_RECOVERY", "NO_DATA" };
	char text[INET6_ADDRSTRLEN];

	printf("%s %s %s\n", statuses[o->status + 2], o->error == -1 ? "-" : strerrorname_np(o->error),
	       o->h_error == NETDB_INTERNAL ? "NETDB_INTERNAL" : h_errors[o->h_error]);
	if (o->status != NSS_STATUS_SUCCESS)
		return;
	if (o->tuples)
		printf("%s\n", o->tuples->name);
	for (const struct gaih_addrtuple *t = o->tuples; t; t = t->next)
		printf("%s %u\n", inet_ntop(t->family, t->addr, text, sizeof(text)), t->scopeid);
	if (!o->tuples)
		printf("%s%s\n", o->host.h_name, o->host.h_aliases[0] ? " has aliases" : "");
	if (o->canonical && strcmp(o->canonical, o->host.h_name))
		printf("not %s\n", o->canonical);
	for (char **a = o->host.h_addr_list; a && *a; a++)
		printf("%s\n", inet_ntop(o->host.h_addrtype, *a, text, sizeof(text)));
	if (o->ttl >= 0)
		printf("ttl %d\n", o->ttl);
}

static int ask(void *module, const struct function *f, const char *what)
{
	char buffer[BUFFER_MAX];
	struct outcome o = call(module, f, what, buffer, sizeof(buffer));

	print(&o);
	return 0;
}

/* Call with growing buffers: the only error is the size of the buffer, until it is sufficient. */
static bool grow(void *module, const struct function *f, const char *what, size_t misplaced)
{
	char memory[BUFFER_MAX + GUARD_BYTES + sizeof(void *)] __attribute__((aligned(sizeof(void *)))), *buffer;

	buffer = memory + misplaced;
	for (size_t bytes = 0; bytes <= BUFFER_MAX; bytes++) {
		struct outcome o;

		memset(memory, GUARD, sizeof(memory));
		o = call(module, f, what, buffer, bytes);
		for (size_t i = 0; i < GUARD_BYTES; i++)
			if (buffer[bytes + i] != GUARD) {
				printf("byte %zu behind a buffer of %zu is written to\n", i, bytes);
				return false;
			}
		if (o.status == NSS_STATUS_SUCCESS) {
			print(&o);
			return bytes > 0;
		}
		if (o.status != NSS_STATUS_TRYAGAIN || o.error != ERANGE || o.h_error != NETDB_INTERNAL) {
			printf("with %zu bytes: ", bytes);
			print(&o);
			return false;
		}
	}
	return false;
}

static int count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	if (!dir)
		return -1;
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static int fds(void *module, int count, const char *what)
{
	int before = count_descriptors(), after;
	char buffer[BUFFER_MAX];

	for (int i = 0; i < count; i++)
		for (int f = 0; f < FUNCTIONS; f++)
			call(module, &functions[f], strncmp(functions[f].word, "addr", 4) ? what : "10.77.0.7", buffer, sizeof(buffer));
	after = count_descriptors();
	printf("%d before, %d after\n", before, after);
	return before != after;
}

static int time_calls(void *module, int count, const char *what)
{
	unsigned char address[16];
	bool is_address = inet_pton(strchr(what, ':') ? AF_INET6 : AF_INET, what, address) == 1;
	const struct function *f = &functions[is_address ? FUNCTIONS - 2 : 0];
	struct timespec begin, end;
	char buffer[BUFFER_MAX];

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (int i = 0; i < count; i++)
		call(module, f, what, buffer, sizeof(buffer));
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.0f ns\n", ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) / count);
	return 0;
}

#define PAINT 0xa5

struct stack_call {
	void *module;
	const struct function *f;
	const char *what;
	char *buffer;
};

static void *stack_thread(void *context)
{
	const struct stack_call *c = context;

	if (c->f)
		call(c->module, c->f, c->what, c->buffer, BUFFER_MAX);
	return NULL;
}

/* How much of the stack of a thread differs from the pattern that it was filled with. */
static size_t stack_used(struct stack_call *c, size_t bytes)
{
	unsigned char *stack = aligned_alloc(4096, bytes);
	pthread_attr_t attributes;
	pthread_t thread;
	size_t clean = 0;

	if (!stack) {
		puts("no memory");
		exit(1);
	}
	memset(stack, PAINT, bytes);
	pthread_attr_init(&attributes);
	if (pthread_attr_setstack(&attributes, stack, bytes) || pthread_create(&thread, &attributes, stack_thread, c)) {
		puts("no thread");
		exit(1);
	}
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attributes);
	while (clean < bytes && stack[clean] == PAINT)
		clean++;
	free(stack);
	return bytes - clean;
}

/* Print the stack of each function, without the stack of a thread that calls none. */
static int stack(void *module, size_t bytes, const char *what)
{
	static char buffer[BUFFER_MAX];
	struct stack_call c = { .module = module, .buffer = buffer };
	size_t empty = stack_used(&c, bytes);

	for (int f = 0; f < FUNCTIONS; f++) {
		c.f = &functions[f];
		c.what = strncmp(c.f->word, "addr", 4) ? what : "10.77.0.7";
		call(module, c.f, c.what, buffer, sizeof(buffer)); /* so that the dynamic linker has resolved its symbols */
		printf("%s %zu\n", c.f->word, stack_used(&c, bytes) - empty);
	}
	return 0;
}

int main(int argc, char **argv)
{
	void *module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
	const struct function *f = NULL;

	if (!module || argc != 4) {
		puts(module ? "usage: nss_call ask|room|fds|stack|time FUNCTION|COUNT WHAT" : dlerror());
		return 1;
	}
	if (!strcmp(argv[1], "fds"))
		return fds(module, (int)strtol(argv[2], NULL, 10), argv[3]);
	if (!strcmp(argv[1], "stack"))
		return stack(module, strtoul(argv[2], NULL, 10), argv[3]);
	if (!strcmp(argv[1], "time"))
		return time_calls(module, (int)strtol(argv[2], NULL, 10), argv[3]);
	for (int i = 0; i < FUNCTIONS; i++)
		if (!strcmp(functions[i].word, argv[2]))
			f = &functions[i];
	if (!f) {
		printf("no function '%s'\n", argv[2]);
		return 1;
	}
	if (!strcmp(argv[1], "ask"))
		return ask(module, f, argv[3]);
	return !grow(module, f, argv[3], 0) || !grow(module, f, argv[3], 1);
}
