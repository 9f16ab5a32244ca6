// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * resolve THREADS COUNT NAME ADDRESS: look-ups by many threads at the same time, through libc. Each thread looks up the
 * address of NAME, the name of ADDRESS, and a name that does not exist, COUNT times. Prints the number of rounds and of
 * wrong answers. The exit status is 1 if an answer was wrong.
 *
 * resolve NAME: print its addresses, with their scopes.
 */
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS_MAX 64

struct task {
	pthread_t thread;
	const char *name, *address;
	int count, wrong;
};

static bool has_address(const struct task *task, struct sockaddr_storage *found, socklen_t *bytes)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list;
	char text[NI_MAXHOST];
	bool has = false;

	if (getaddrinfo(task->name, NULL, &hints, &list))
		return false;
	for (const struct addrinfo *a = list; a && !has; a = a->ai_next) {
		getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST);
		has = !strcmp(text, task->address);
		memcpy(found, a->ai_addr, a->ai_addrlen);
		*bytes = a->ai_addrlen;
	}
	freeaddrinfo(list);
	return has;
}

static void *work(void *context)
{
	struct task *task = context;

	for (int i = 0; i < task->count; i++) {
		struct sockaddr_storage found;
		socklen_t bytes;
		char name[NI_MAXHOST];
		struct addrinfo *list;

		if (!has_address(task, &found, &bytes) ||
		    getnameinfo((struct sockaddr *)&found, bytes, name, sizeof(name), NULL, 0, NI_NAMEREQD) ||
		    strcmp(name, task->name))
			task->wrong++;
		if (getaddrinfo("nobody-here", NULL, NULL, &list) != EAI_NONAME)
			task->wrong++;
	}
	return NULL;
}

static int print(const char *name)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list;
	char text[NI_MAXHOST];

	if (getaddrinfo(name, NULL, &hints, &list))
		return 1;
	for (const struct addrinfo *a = list; a; a = a->ai_next)
		if (!getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST))
			puts(text);
	freeaddrinfo(list);
	return 0;
}

int main(int argc, char **argv)
{
	int threads = argc == 5 ? (int)strtol(argv[1], NULL, 10) : 0, count, wrong = 0;
	struct task tasks[THREADS_MAX];

	if (argc == 2)
		return print(argv[1]);
	if (threads < 1 || threads > THREADS_MAX) {
		fputs("usage: resolve NAME | THREADS COUNT NAME ADDRESS\n", stderr);
		return 1;
	}
	count = (int)strtol(argv[2], NULL, 10);
	for (int i = 0; i < threads; i++) {
		tasks[i] = (struct task){ .name = argv[3], .address = argv[4], .count = count };
		if (pthread_create(&tasks[i].thread, NULL, work, &tasks[i]))
			return 1;
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(tasks[i].thread, NULL);
		wrong += tasks[i].wrong;
	}
	printf("%d rounds, %d wrong\n", threads * count, wrong);
	return wrong ? 1 : 0;
}
