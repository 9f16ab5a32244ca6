// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The assembler includes the files. Their paths are relative to the folder of the Makefile. */
#include <stdint.h>
#include <stdio.h>

#include "embedded.h"

#define EMBED(name, path)                                                                                   \
	extern const char embedded_##name[], embedded_##name##_end[];                                       \
	__asm__(".section .rodata\n"                                                                        \
		".hidden embedded_" #name "\n.globl embedded_" #name "\nembedded_" #name ":\n"              \
		".incbin \"user/http/page/" path "\"\n"                                                     \
		".hidden embedded_" #name "_end\n.globl embedded_" #name "_end\nembedded_" #name "_end:\n"  \
		".byte 0\n"                                                                                 \
		".previous\n")

EMBED(index, "index.html");
EMBED(style, "style.css");
EMBED(script, "app.js");
EMBED(icon, "icon.svg");

/* FNV-1a. It is no secret, it only differs when the text does. */
static void embedded_hash(struct embedded *e)
{
	uint64_t hash = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < e->bytes; i++)
		hash = (hash ^ (unsigned char)e->text[i]) * 0x100000001b3ULL;
	snprintf(e->etag, sizeof(e->etag), "\"%016llx\"", (unsigned long long)hash);
}

/* the assembler has no objects, so the difference is one of addresses */
#define FILE_OF(name) { embedded_##name, (uintptr_t)embedded_##name##_end - (uintptr_t)embedded_##name, "" }

const struct embedded *embedded_file(enum embedded_file file)
{
	static struct embedded files[EMBEDDED_COUNT];

	if (!files[0].text) {
		const struct embedded found[EMBEDDED_COUNT] = {
			[EMBEDDED_INDEX] = FILE_OF(index), [EMBEDDED_STYLE] = FILE_OF(style), [EMBEDDED_SCRIPT] = FILE_OF(script),
			[EMBEDDED_ICON] = FILE_OF(icon),
		};

		for (int i = 0; i < EMBEDDED_COUNT; i++) {
			files[i] = found[i];
			embedded_hash(&files[i]);
		}
	}
	return &files[file];
}
