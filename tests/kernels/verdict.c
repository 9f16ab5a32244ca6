// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * verdict N: the end of an emulated machine, by qemu's isa-debug-exit: qemu exits with 2 N + 1,
 * which nothing else makes it do.
 */
#include <stdlib.h>
#include <sys/io.h>

#define PORT 0xf4

int main(int argc, char **argv)
{
	if (argc != 2 || ioperm(PORT, 4, 1))
		return 1;
	outl((unsigned int)atoi(argv[1]), PORT);
	return 1;
}
