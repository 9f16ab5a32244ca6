# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rollcall. `make help` lists the targets.

VERSION := 0.1.0

# What a packager overrides.
PREFIX  ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
LIBDIR  ?= $(PREFIX)/lib
MANDIR  ?= $(PREFIX)/share/man
DESTDIR ?=
BUILD   ?= build
CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))
CLANG   ?= clang
STRIP   ?= llvm-strip
BPFTOOL ?= bpftool
CFLAGS  ?= -O2 -g
export PATH := $(PATH):/usr/sbin:/sbin

WARNINGS := -Wall -Wextra -Werror -Wshadow
LIBS     := libbpf libelf zlib json-c libmnl libcap-ng
# One invocation, and none of it for targets that compile nothing.
PKG       = $(eval PKG := $$(shell pkg-config --cflags --libs $(LIBS)))$(PKG)
USER_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' $(WARNINGS) -Wmissing-prototypes -Wstrict-prototypes \
	$(CFLAGS) -Iinclude -Iuser -I$(BUILD)
# The multiarch directory has <asm/types.h>, which clang's bpf target does not look for by itself.
BPF_CFLAGS  = -std=gnu11 -O2 -g -target bpf -mcpu=v3 $(WARNINGS) -Iinclude -Ivmlinux -Ibpf \
	-idirafter /usr/include/$(shell $(CC) -print-multiarch)

USER_SOURCES := $(wildcard user/*.c)
USER_OBJECTS := $(USER_SOURCES:%.c=$(BUILD)/%.o)
BPF_OBJECTS  := $(patsubst bpf/%.c,$(BUILD)/%.o,$(wildcard bpf/*.bpf.c))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)')

.DELETE_ON_ERROR:
.PHONY: all
all: $(BUILD)/rollcall $(BPF_OBJECTS)

# bpf/X.bpf.c -> X.bpf.o -> X.skel.h -> the program.

$(BUILD)/%.bpf.o: bpf/%.bpf.c Makefile | $(BUILD)
	$(call say,BPF,$@)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -MT $@ -MF $(@:.o=.d) -c $< -o $@
	$(Q)$(STRIP) -g $@

$(BUILD)/%.skel.h: $(BUILD)/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $*_bpf > $@

$(BUILD)/user/filter.o: $(BUILD)/rollcall.skel.h
$(BUILD)/user/iterator.o: $(BUILD)/table_iter.skel.h

$(BUILD)/user/%.o: user/%.c Makefile | $(BUILD)/user
	$(call say,CC,$@)
	$(Q)$(CC) $(USER_CFLAGS) -MMD -MP -c $< -o $@

$(BUILD)/rollcall: $(USER_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(PKG) -o $@

$(BUILD) $(BUILD)/user:
	$(Q)mkdir -p $@

-include $(wildcard $(BUILD)/*.d $(BUILD)/user/*.d)

# Everything below works alone on a fresh machine: it installs what it needs.

SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

TEST_TOOLS := $(patsubst tests/tools/%.c,$(BUILD)/tests/%,$(wildcard tests/tools/*.c))
# The program's own objects, for test programs that drive them from inside.
USER_ARCHIVE := $(BUILD)/user.a

$(USER_ARCHIVE): $(filter-out $(BUILD)/user/main.o,$(USER_OBJECTS))
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

$(BUILD)/tests/%: tests/tools/%.c $(USER_ARCHIVE) Makefile
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(USER_CFLAGS) -Itests/tools -MMD -MP $< $(USER_ARCHIVE) $(PKG) -lpthread -o $@

-include $(wildcard $(BUILD)/tests/*.d)

.PHONY: deps vmlinux test-build test demo install clean help

deps:
	$(Q)scripts/deps

# vmlinux/vmlinux.h anew from the running kernel. A build uses what is checked in.
vmlinux: deps
	$(Q)scripts/vmlinux

test-build: all $(TEST_TOOLS)

test: deps
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)$(SUDO) env BUILD=$(abspath $(BUILD)) tests/run $(TESTS)

clean:
	rm -rf $(BUILD)
