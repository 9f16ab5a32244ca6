// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * nss_text NAME|ADDRESS: print what the NSS module reads from the text on standard input, as if the iterator had
 * printed it: the name, addresses with their scopes, and the ttl; or the error. A file with such text cannot be created
 * in a BPF file system.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nss/source.h"

int main(int argc, char **argv)
{
	struct nss_question question = { .policy.is_read = true };
	static struct nss_answer answer;
	char text[INET6_ADDRSTRLEN];
	int err;

	if (argc != 2)
		return 2;
	if (inet_pton(AF_INET, argv[1], question.address.bytes) == 1)
		question.address.family = AF_INET;
	else if (inet_pton(AF_INET6, argv[1], question.address.bytes) == 1)
		question.address.family = AF_INET6;
	else
		question.name = argv[1];
	err = iterator_read(STDIN_FILENO, &question, &answer);
	if (err) {
		puts(strerrorname_np(-err));
		return 1;
	}
	printf("%s", question.name ? argv[1] : answer.name);
	for (int i = 0; i < answer.count; i++)
		printf(" %s %u", inet_ntop(answer.found[i].address.family, answer.found[i].address.bytes, text, sizeof(text)),
		       answer.found[i].address.scope);
	if (answer.count)
		printf(" ttl %lld", (long long)(answer.left_ns / 1000000000));
	puts("");
	return 0;
}
