# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rollcall. `make help` lists the targets.

VERSION := 0.1.0

# Variables for packagers.
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
LIBDIR  ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR  ?= $(PREFIX)/share/man
UNITDIR ?= $(PREFIX)/lib/systemd/system
DATADIR ?= $(PREFIX)/share
ZSHDIR  ?= $(DATADIR)/zsh/site-functions
DESTDIR ?=
BUILD   ?= build
# A path below this folder becomes relative, because the path of this folder may have spaces and names of targets may
# not.
override BUILD := $(subst $(CURDIR)/,,$(BUILD))
# For another architecture: CROSS_COMPILE=aarch64-linux-gnu-, and SYSROOT with its libraries, if they are not installed.
CROSS_COMPILE ?=
SYSROOT ?=
CC      := $(if $(filter default,$(origin CC)),$(strip $(CROSS_COMPILE)gcc $(SYSROOT:%=--sysroot=%)),$(CC))
AR      := $(if $(filter default,$(origin AR)),$(CROSS_COMPILE)ar,$(AR))
PKG_CONFIG ?= pkg-config
CLANG   ?= clang
STRIP   ?= llvm-strip
BPFTOOL ?= bpftool
CFLAGS  ?= -O2 -g
export PATH := $(PATH):/usr/sbin:/sbin

# WERROR=1 makes warnings errors; .ci/run sets it. By default they are not, so that another compiler's warnings do not
# stop a build.
WERROR  ?=
WARNINGS := -Wall -Wextra -Wshadow $(if $(filter-out 0,$(WERROR)),-Werror)
LIBS     := libbpf libelf zlib json-c libcap-ng ncursesw
# Loaded at run time, by the commands that use them: only their headers are required.
LOADED_LIBS := sqlite3
# Only rollcall-serve is linked with it.
SERVED_LIBS := libmicrohttpd
# scripts/tools checks the tools, and prints the flags of pkg-config or an error. It runs once, and only if something is
# compiled. $(CHECKED) is for recipes that do not use the flags.
PKG       = $(eval PKG := $$(shell $(PKG_SYSROOT) CC='$(CC)' CLANG='$(CLANG)' STRIP='$(STRIP)' BPFTOOL='$(BPFTOOL)' \
	PKG_CONFIG='$(PKG_CONFIG)' scripts/tools $(LIBS) -- $(LOADED_LIBS) $(SERVED_LIBS)))$(if $(filter-out 0,$(.SHELLSTATUS)),$(error $(PKG)))$(PKG)
SERVE_LIBS = $(eval SERVE_LIBS := $$(shell $(PKG_SYSROOT) $(PKG_CONFIG) --libs libbpf libelf zlib json-c libcap-ng libmicrohttpd))$(SERVE_LIBS)
CHECKED   = $(if $(PKG),)
PKG_SYSROOT = $(if $(SYSROOT),PKG_CONFIG_SYSROOT_DIR='$(SYSROOT)' PKG_CONFIG_LIBDIR='$(firstword $(wildcard $(SYSROOT)/usr/lib/*/pkgconfig))')
# _FORTIFY_SOURCE is not set if a packager sets it, without optimization, or with a sanitizer.
HARDENING = -fstack-protector-strong \
	$(if $(findstring FORTIFY,$(CPPFLAGS) $(CFLAGS))$(findstring -O0,$(CFLAGS))$(findstring sanitize,$(CFLAGS)),,-D_FORTIFY_SOURCE=2)
RELRO     = -Wl,-z,relro -Wl,-z,now
# Debugging information and BTF have file names relative to this folder, so that a build does not depend on the folder.
PREFIX_MAP  = '-ffile-prefix-map=$(CURDIR)=.'
# __SANE_USERSPACE_TYPES__ makes __u64 an unsigned long long on ppc64 too. A section for each function and variable lets
# the linker leave out of rollcall-announce what it does not use.
USER_CFLAGS = $(PREFIX_MAP) -std=gnu11 -ffunction-sections -fdata-sections -D_GNU_SOURCE -D__SANE_USERSPACE_TYPES__ -DVERSION='"$(VERSION)"' $(WARNINGS) -Wmissing-prototypes -Wstrict-prototypes \
	$(HARDENING) $(CPPFLAGS) $(CFLAGS) -Iinclude -Iuser -I$(BUILD)
# The directory where $(CC) finds <asm/types.h>. On Debian it is a multiarch directory, which clang's bpf target does
# not search.
ASM_DIR     = $(eval ASM_DIR := $$(patsubst %/asm/types.h,%,$$(filter %/asm/types.h,$$(shell \
	echo '$$(HASH)include <asm/types.h>' | $(CC) -E -M -x c -))))$(ASM_DIR)
HASH       := \#
BPF_CFLAGS  = $(CHECKED)$(PREFIX_MAP) -std=gnu11 -O2 -g -fno-strict-aliasing -target $(BPF_TARGET) -mcpu=v3 $(WARNINGS) \
	-Iinclude -Ivmlinux -Ibpf $(ASM_DIR:%=-idirafter %)
# The filter has the byte order of the machine that $(CC) compiles for.
is_big      = $(findstring ORDER_BIG,$(shell $(1) -E -dM -x c /dev/null | grep '__BYTE_ORDER__ '))
BPF_TARGET  = $(eval BPF_TARGET := $$(if $$(call is_big,$(CC)),bpfeb,bpfel))$(BPF_TARGET)
NATIVE_BPF  = $(eval NATIVE_BPF := $$(if $$(call is_big,$(CLANG)),bpfeb,bpfel))$(NATIVE_BPF)

# The rooms of user/ that are linked into rollcall. scripts/rooms checks their order. lib/ and nss/ are built
# separately.
ROOMS        := commands loader top history view watch announce net base
ANNOUNCE_MAIN := user/commands/announce_main.c
SERVE_MAIN   := user/commands/serve_main.c
USER_SOURCES := $(filter-out $(ANNOUNCE_MAIN) $(SERVE_MAIN),$(sort $(wildcard $(ROOMS:%=user/%/*.c))))
USER_OBJECTS := $(USER_SOURCES:%.c=$(BUILD)/%.o)
LIB_SOURCES  := $(sort $(wildcard user/lib/*.c))
LIB_OBJECTS  := $(LIB_SOURCES:%.c=$(BUILD)/%.o)
LIB          := $(BUILD)/librollcall.a
# <rollcall/rollcall.h> and the headers that it includes.
LIB_HEADERS  := $(addprefix include/rollcall/,rollcall.h attachment.h fixed.h outcome.h settings.h state.h table.h wire.h)
# rollcall-announce requires only libc, and only these files of base/.
ANNOUNCE_SOURCES := $(ANNOUNCE_MAIN) $(addprefix user/commands/,announcing.c option.c option_rows.c spelling.c) $(sort $(wildcard user/announce/*.c)) \
	$(addprefix user/net/,addresses.c netdev.c netlink.c netwatch.c routes.c) \
	$(addprefix user/base/,clock.c keyfile.c keywatch.c message.c nodename.c nowait.c output.c parse.c program.c signals.c text.c) user/lib/clock.c
ANNOUNCE_OBJECTS := $(ANNOUNCE_SOURCES:%.c=$(BUILD)/%.o)
# rollcall-serve is linked with the objects that it requires of these rooms, and with http/, which no other program has.
SERVE_ROOMS   := history view watch net base
SERVE_SOURCES := $(SERVE_MAIN) $(addprefix user/commands/,serving.c option.c option_rows.c spelling.c) $(sort $(wildcard user/http/*.c))
SERVE_OBJECTS := $(SERVE_SOURCES:%.c=$(BUILD)/%.o)
SERVE_ARCHIVE := $(BUILD)/serve.a
NSS_SOURCES  := $(sort $(wildcard user/nss/*.c))
NSS_OBJECTS  := $(NSS_SOURCES:%.c=$(BUILD)/%.o)
NSS          := $(BUILD)/libnss_rollcall.so.2
BPF_OBJECTS  := $(patsubst bpf/%.c,$(BUILD)/%.o,$(wildcard bpf/*.bpf.c))

Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)')

.SECONDARY: $(BUILD)/bench/bare.skel.h
.DELETE_ON_ERROR:
.PHONY: all
all: $(BUILD)/rollcall $(BUILD)/rollcall-announce $(BUILD)/rollcall-serve $(NSS) $(BPF_OBJECTS)

# bpf/X.bpf.c -> X.bpf.o -> X.skel.h -> rollcall.

$(BUILD)/%.bpf.o: bpf/%.bpf.c Makefile | $(BUILD)
	$(call say,BPF,$@)
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -MT $@ -MF $(@:.o=.d) -c $< -o $@
	$(Q)$(STRIP) -g $@

# bpftool reads only objects of its own byte order. For the other byte order the skeleton is made from a second object.
$(BUILD)/%.native.o: bpf/%.bpf.c Makefile | $(BUILD)
	$(Q)$(CLANG) $(subst -target $(BPF_TARGET),-target $(NATIVE_BPF),$(BPF_CFLAGS)) -c $< -o $@
	$(Q)$(STRIP) -g $@

$(BUILD)/%.skel.h: $(BUILD)/%.bpf.o scripts/skeleton
	$(call say,SKEL,$@)
	$(Q)$(if $(filter-out $(NATIVE_BPF),$(BPF_TARGET)),$(MAKE) --no-print-directory $(BUILD)/$*.native.o)
	$(Q)BPFTOOL=$(BPFTOOL) scripts/skeleton $(notdir $*)_bpf $< \
		$(if $(filter-out $(NATIVE_BPF),$(BPF_TARGET)),$(BUILD)/$*.native.o) > $@

$(BUILD)/user/loader/filter.o: $(BUILD)/rollcall.skel.h
$(BUILD)/user/loader/iterator.o: $(BUILD)/table_iter.skel.h
$(BUILD)/user/loader/scanner.o: $(BUILD)/scan.skel.h
$(BUILD)/user/loader/probe.o: $(BUILD)/probe.skel.h

$(BUILD)/user/%.o: user/%.c Makefile
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CHECKED)$(CC) $(USER_CFLAGS) -fPIE -MMD -MP -c $< -o $@

# The library is position independent, because the NSS module is linked with it.
$(BUILD)/user/lib/%.o: user/lib/%.c Makefile
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CHECKED)$(CC) $(USER_CFLAGS) -fPIC -fvisibility=hidden -MMD -MP -c $< -o $@

$(LIB): $(LIB_OBJECTS)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# The NSS module requires only libc, and exports only the functions that libc looks up.
$(BUILD)/user/nss/%.o: user/nss/%.c Makefile
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CHECKED)$(CC) $(USER_CFLAGS) -fPIC -fvisibility=hidden -MMD -MP -c $< -o $@

$(NSS): $(NSS_OBJECTS) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(RELRO) -shared -Wl,-soname,$(@F) -Wl,-z,defs $^ -o $@

$(BUILD)/rollcall: $(USER_OBJECTS) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -pie $(RELRO) $^ $(PKG) -o $@

$(SERVE_ARCHIVE): $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard $(SERVE_ROOMS:%=user/%/*.c))))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# The assembler includes the files of the web page.
$(BUILD)/user/http/embedded.o: $(wildcard user/http/page/*)

$(BUILD)/rollcall-serve: $(SERVE_OBJECTS) $(SERVE_ARCHIVE) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -pie $(RELRO) $^ $(SERVE_LIBS) -o $@

# rollcall-announce can be built without the tools for the filter. It is kept small for small hosts: where pages may have
# 64 KB, ld aligns what RELRO protects to that, in the file too, and doubles the size of a program that only sends.
HAS_LARGE_PAGES = $(filter aarch64-% powerpc64le-%,$(shell $(CC) -dumpmachine))
$(BUILD)/rollcall-announce: CHECKED =
$(BUILD)/rollcall-announce: RELRO = -Wl,-z,now -Wl,-z,$(if $(HAS_LARGE_PAGES),norelro,relro)
$(BUILD)/rollcall-announce: $(ANNOUNCE_OBJECTS)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(or $(STATIC),-pie) $(RELRO) -Wl,--gc-sections $^ -o $@

# rollcall-announce, static, with musl: it runs on any distribution. musl has no kernel headers. They are linked into a
# separate directory, because their own directory also has the headers of glibc. There is no padding between its
# segments, and no RELRO, which musl does not set up in a static program.
MUSL_CC        ?= musl-gcc
KERNEL_HEADERS ?= /usr/include
KERNEL_ASM      = $(ASM_DIR)/asm

.PHONY: announce-static
announce-static:
	$(if $(CROSS_COMPILE),,$(Q)scripts/deps static)
	$(Q)rm -rf $(BUILD)/static/include && mkdir -p $(BUILD)/static/include
	$(Q)ln -s $(KERNEL_HEADERS)/linux $(KERNEL_HEADERS)/asm-generic $(KERNEL_ASM) $(BUILD)/static/include
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/static CC='$(MUSL_CC)' CFLAGS='$(CFLAGS) -Os' \
		STATIC='-static -no-pie -Wl,-z,noseparate-code' RELRO='-Wl,-z,norelro' CPPFLAGS='$(CPPFLAGS) -isystem $(BUILD)/static/include' \
		$(BUILD)/static/rollcall-announce

$(BUILD):
	$(Q)mkdir -p $@

-include $(wildcard $(BUILD)/*.d $(BUILD)/user/*/*.d)

# Most targets below install the packages that they require; 'make help' names the others.

# $(call at_least,VARIABLE,NUMBER) fails with one line if the value of VARIABLE is not a number, or is less.
at_least = $(if $(shell [ '$($(1))' -ge $(2) ] 2>/dev/null && echo yes),,$(error $(1)='$($(1))' is not a number of at least $(2)))

SUDO = $(if $(filter 0,$(shell id -u)),,$(or $(shell command -v sudo),$(error \
	'$(MAKECMDGOALS)' requires root, and sudo is not installed: run it as root)))

TEST_TOOLS := $(patsubst tests/tools/%.c,$(BUILD)/tests/%,$(wildcard tests/tools/*.c))
# The objects of rollcall, for test programs that call its functions.
USER_ARCHIVE := $(BUILD)/user.a

$(USER_ARCHIVE): $(filter-out $(BUILD)/user/commands/main.o,$(USER_OBJECTS))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

$(BUILD)/tests/nss_text: $(NSS_OBJECTS)

$(BUILD)/tests/%: tests/tools/%.c $(USER_ARCHIVE) $(LIB) Makefile
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CHECKED)$(CC) $(USER_CFLAGS) -Itests/tools -MMD -MP $< $(filter %.o,$^) $(USER_ARCHIVE) $(LIB) $(PKG) -lpthread -o $@

-include $(wildcard $(BUILD)/tests/*.d $(BUILD)/fuzz/*.d)

# The benchmark, and the bare BPF programs that it compares with.
BENCH_PROGRAM := $(BUILD)/bench/bench
BENCH_SOURCES := $(filter-out %.bpf.c,$(wildcard tests/bench/*.c))

$(BUILD)/bench/bare.bpf.o: tests/bench/bare.bpf.c Makefile
	$(call say,BPF,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) -Wno-unused-parameter -MMD -MP -MT $@ -MF $(@:.o=.d) -c $< -o $@
	$(Q)$(STRIP) -g $@

$(BUILD)/bench/%.o: tests/bench/%.c $(BUILD)/bench/bare.skel.h Makefile
	$(call say,CC,$@)
	$(Q)$(CHECKED)$(CC) $(USER_CFLAGS) -Itests/tools -I$(BUILD)/bench -MMD -MP -c $< -o $@

$(BENCH_PROGRAM): $(BENCH_SOURCES:tests/bench/%.c=$(BUILD)/bench/%.o) $(USER_ARCHIVE) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(PKG) -lpthread -ldl -o $@

-include $(wildcard $(BUILD)/bench/*.d)

# The headers of the filter, compiled for this machine, under libFuzzer.
FUZZ_SECONDS ?= 600

$(BUILD)/fuzz/frame_fuzz: tests/fuzz/frame_fuzz.c Makefile
	$(call say,FUZZ,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CHECKED)$(CLANG) -std=gnu11 -D_GNU_SOURCE $(WARNINGS) -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
		-fsanitize=fuzzer,address,undefined -Iinclude -MMD -MP $< -o $@

.PHONY: deps vmlinux test-build test test-asan test-kernels fetch-kernels test-nics test-arch fetch-arch test-debian fetch-debian debootstrap fuzz test-browser test-segments soak fuzz-corpus verifier-table bench bench-check bench-plot deb cross cross-build cross-tools test-tools test-cross test-reproducible test-package demo picture lint install uninstall clean help

deps:
	$(Q)scripts/deps

# Recreate vmlinux/vmlinux.h from the running kernel. A build uses the file in git.
vmlinux: deps
	$(Q)scripts/vmlinux

# Targets that install packages run make again, because the installed packages decide how to compile.

# musl has no AddressSanitizer.
test-tools: $(TEST_TOOLS)
test-build: all $(if $(findstring sanitize,$(CFLAGS)),,announce-static) test-tools $(BENCH_PROGRAM) $(BUILD)/fuzz/frame_fuzz

test: deps
	$(Q)scripts/deps examples
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' CC='$(CC)' tests/run $(TESTS)

# Run the suites with AddressSanitizer and UBSan. Suites without instrumented code are left out: frames in the kernel
# (announcements capacity floods frames oracle verifier), the fuzzer, which has its own sanitizers (fuzz), builds and
# scripts (build demo kernels nics rooms runner), and the benchmark, which has its own step in .ci/run. The suites that
# attach hundreds of times, and kill the process after each system call, are left out too (crashes_attach
# crashes_detach).
ASAN_WITHOUT := announcements bench build capacity crashes_attach crashes_detach demo floods frames fuzz kernels nics \
	oracle rooms runner verifier
ASAN_TESTS = $(or $(TESTS),$(filter-out $(ASAN_WITHOUT:%=tests/%.bats),$(wildcard tests/*.bats)))

test-asan:
	$(Q)TIME_SCALE=4 ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 $(MAKE) --no-print-directory test BUILD=$(BUILD)/asan \
		TESTS='$(ASAN_TESTS)' CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'

# Run the suites of tests/kernels/suites-amd64 on other kernels, in emulated machines. KERNELS="6.1 6.12" selects some
# of tests/kernels/list. WITHOUT="devices" leaves suites out.
test-kernels: deps
	$(Q)scripts/deps kernels
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)env BUILD='$(abspath $(BUILD))' WITHOUT='$(WITHOUT)' tests/kernels/run $(KERNELS)

# Only get the kernels. It fails if they are not available.
fetch-kernels:
	$(Q)scripts/deps kernels
	$(Q)env BUILD='$(abspath $(BUILD))' tests/kernels/run --fetch $(KERNELS)

# Run rollcall on emulated network cards, under qemu. NICS="virtio e1000e" selects some of tests/nics/cards.
# NICS_KERNEL=6.1 selects another kernel of tests/nics/list. QEMU is another qemu-system-x86_64.
test-nics: deps
	$(Q)scripts/deps kernels
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)env BUILD='$(abspath $(BUILD))' $(if $(NICS_KERNEL),NICS_KERNEL='$(NICS_KERNEL)') $(if $(QEMU),QEMU='$(QEMU)') tests/nics/run $(NICS)

# Run the suites of tests/kernels/suites-ARCH on an emulated machine of the architecture ARCH: arm64, armhf or s390x.
test-arch: deps
	$(Q)env BUILD='$(abspath $(BUILD))' tests/kernels/arch '$(ARCH)'

# Only get the kernel and the programs. It fails if they are not available.
fetch-arch: deps
	$(Q)env BUILD='$(abspath $(BUILD))' tests/kernels/arch --fetch '$(ARCH)'

# Build and test as a new user does, on RELEASE of Debian (trixie, sid or bookworm), in a separate minimal Debian.
# STEPS="demo test clang" selects some of the steps in tests/debian/run. TESTS is as for 'make test'; CLANG_TESTS is for
# the step with CC=clang.
RELEASE ?= trixie

test-debian: debootstrap
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' TESTS='$(TESTS)' CLANG_TESTS='$(CLANG_TESTS)' RUN='$(RUN)' tests/debian/run '$(RELEASE)' $(STEPS)

# Only get the base system. It fails if it is not available.
fetch-debian: debootstrap
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' tests/debian/run --fetch '$(RELEASE)'

debootstrap:
	$(Q)scripts/deps debian

# Fuzz the filter. It fails if anything is found. The findings stay in $(BUILD)/fuzz.
fuzz: deps
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' tests/fuzz/run '$(FUZZ_SECONDS)'

# Run random events on a loader for half an hour: SOAK_SECONDS=1800 SEED=...
SOAK_SECONDS ?= 1800

soak: deps
	$(call at_least,SOAK_SECONDS,1)
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' SOAK_SECONDS='$(SOAK_SECONDS)' SEED=$(SEED) FILE_SECONDS=14400 \
		tests/run tests/soak/soak.bats

# Minimize tests/fuzz/corpus.hex: inputs that were written by hand stay, and inputs that add coverage.
fuzz-corpus: $(BUILD)/fuzz/frame_fuzz
	$(Q)BUILD='$(abspath $(BUILD))' tests/fuzz/corpus minimize

# Recreate the section of this clang in tests/verifier.txt, after a change of the filter that may take more
# instructions.
verifier-table: deps
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)cp tests/verifier.txt $(BUILD)/verifier.txt
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' tests/tools/verifier-section $(CLANG) $(BUILD)/verifier.txt
	$(Q)cp $(BUILD)/verifier.txt tests/verifier.txt

# Build the Debian packages into $(BUILD)/deb.
deb: deps
	$(Q)scripts/deps package
	$(Q)env BUILD='$(abspath $(BUILD))' scripts/deb $(VERSION)

# Build twice under different conditions, and compare the results bit by bit.
test-reproducible: deps
	$(Q)scripts/deps package
	$(Q)env BUILD='$(abspath $(BUILD))' tests/reproducible/run

# Build everything for the architecture ARCH (a Debian name) into $(BUILD)/ARCH. Its libraries are unpacked and not
# installed. test-cross builds and checks all architectures, or those of ARCHES="arm64 s390x".
cross: deps
	$(Q)scripts/deps cross '$(ARCH)'
	$(Q)scripts/sysroot $(ARCH) $(BUILD)/sysroot/$(ARCH)
	$(Q)$(MAKE) --no-print-directory $(CROSS_SETTINGS) cross-build

# Build the programs that the tests run, after 'make cross'. Programs that run the filter require 128-bit integers,
# which compilers for 32 bits do not have. They are left out there, because attach is rejected on 32-bit kernels.
cross-tools:
	$(Q)$(MAKE) --no-print-directory $(CROSS_SETTINGS) \
		$(if $(filter armhf i386,$(ARCH)),$(addprefix $(BUILD)/$(ARCH)/tests/,kernel_has listener),test-tools)

CROSS_SETTINGS = BUILD=$(BUILD)/$(ARCH) SYSROOT=$(abspath $(BUILD))/sysroot/$(ARCH) \
	CROSS_COMPILE=$$(dpkg-architecture -f -a $(ARCH) -q DEB_HOST_GNU_TYPE 2>/dev/null)-

cross-build: all
	$(Q)$(MAKE) --no-print-directory announce-static KERNEL_HEADERS=$(SYSROOT)/usr/include \
		MUSL_CC='$(CROSS_COMPILE)gcc -specs $(firstword $(wildcard $(SYSROOT)/usr/lib/*-linux-musl*/musl-gcc.specs))'

test-cross: deps
	$(Q)env BUILD='$(abspath $(BUILD))' tests/cross/run $(ARCHES)

# Install, use and purge the packages in a separate Debian.
test-package: deb
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)mkdir -p $(BUILD)/package/archives/partial # not as root, so that the user can remove it
	$(Q)env BUILD='$(abspath $(BUILD))' scripts/deps prometheus || echo 'no Prometheus to be had: its tests are skipped'
	$(Q)env BUILD='$(abspath $(BUILD))' scripts/deps nginx || echo 'no nginx to be had: its tests are skipped'
	$(Q)env BUILD='$(abspath $(BUILD))' scripts/deps caddy || echo 'no Caddy to be had: its test is skipped'
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' tests/package/fetch || echo 'Debian cannot be downloaded: tests of the packages are skipped'
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' tests/run tests/package/*.bats tests/completion.bats tests/systemd.bats tests/metrics.bats tests/serve_proxy.bats

# Run 40 segments with 250 hosts and a listener each, and a real Prometheus that scrapes the listeners. SEGMENTS=12 is a
# smaller site. It prints the sizes and times that docs/segments.md has.
test-segments: deps
	$(if $(SEGMENTS),$(call at_least,SEGMENTS,12))
	$(Q)env BUILD='$(abspath $(BUILD))' scripts/deps prometheus
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' $(if $(SEGMENTS),SEGMENTS='$(SEGMENTS)') tests/run tests/segments/*.bats

# Test the web page in headless Chromium. The screenshots are in $(BUILD)/screenshots.
test-browser: deps
	$(Q)scripts/deps browser
	$(Q)$(MAKE) --no-print-directory test-build
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' tests/run tests/browser/*.bats

# Measure the costs, each compared with a bare operation: print a table, and write $(BUILD)/bench.json. BENCH_SHORT=1 is
# for smaller sizes and fewer rounds. BENCH="filter cold" selects subjects.
bench: deps
	$(Q)$(MAKE) --no-print-directory all $(BENCH_PROGRAM)
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' BENCH_SHORT=$(BENCH_SHORT) BENCH_ROUNDS=$(BENCH_ROUNDS) tests/bench/run $(BENCH)

# Fail if a ratio is more than twice its goal, or if a row is missing. All subjects together have at least 40 rows.
bench-check: bench
	$(Q)tests/bench/check $(BUILD)/bench.json $(if $(BENCH),,40)

# Draw $(BUILD)/bench.svg from the last measurement.
bench-plot:
	$(Q)scripts/deps bench
	$(Q)tests/bench/plot $(BUILD)/bench.json $(BUILD)/bench.svg

demo: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' scripts/demo

# Recreate docs/top.svg, which README shows.
picture: deps
	$(Q)$(MAKE) --no-print-directory all
	$(Q)$(SUDO) env BUILD='$(abspath $(BUILD))' scripts/picture

lint: deps
	$(Q)scripts/rooms
	$(Q)scripts/words
	$(Q)$(MAKE) --no-print-directory WERROR=1 $(BPF_OBJECTS:.bpf.o=.skel.h) $(BUILD)/bench/bare.skel.h
	$(Q)clang-tidy --quiet $(USER_SOURCES) $(ANNOUNCE_MAIN) $(SERVE_MAIN) $(wildcard user/http/*.c) $(LIB_SOURCES) $(NSS_SOURCES) $(BENCH_SOURCES) \
		$(wildcard examples/*.c tests/tools/*.c tests/fuzz/*.c) -- $(USER_CFLAGS) -Itests/tools -I$(BUILD)/bench
	$(Q)cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem --suppress=memleak --suppress='arithOperationsOnVoidPointer:bpf/*' \
		--suppress=normalCheckLevelMaxBranches -D_GNU_SOURCE \
		'-DLIBBPF_OPTS(type,name,...)=struct type name={__VA_ARGS__}' -Iinclude -Iuser user examples \
		tests/tools tests/fuzz $(BENCH_SOURCES)
	$(Q)mandoc -Tlint -Wwarning docs/*.[78]

UNITS := $(patsubst systemd/%.in,%,$(wildcard systemd/*.in))

COMPLETION_BASH := $(DATADIR)/bash-completion/completions/rollcall
COMPLETION_FISH := $(DATADIR)/fish/vendor_completions.d/rollcall.fish
COMPLETION_ZSH  := $(ZSHDIR)/_rollcall
ANNOUNCE_COMPLETION_BASH := $(COMPLETION_BASH)-announce
ANNOUNCE_COMPLETION_FISH := $(DATADIR)/fish/vendor_completions.d/rollcall-announce.fish
ANNOUNCE_COMPLETION_ZSH  := $(COMPLETION_ZSH)-announce

# The units and rollcall.pc have these paths, so they are absolute. The recipes do not quote them, nor DESTDIR. All are
# checked before anything is built.
INSTALL_PATHS := BINDIR SBINDIR LIBDIR INCLUDEDIR MANDIR UNITDIR DATADIR ZSHDIR
is_path = $(and $(filter 1,$(words $(1))),$(filter /%,$(1)))
ifneq ($(filter install uninstall,$(MAKECMDGOALS)),)
$(foreach path,$(INSTALL_PATHS),$(if $(call is_path,$($(path))),,$(error \
	$(path)='$($(path))' is not an absolute path without spaces: set PREFIX or $(path))))
$(if $(filter 0 1,$(words $(DESTDIR))),,$(error DESTDIR='$(DESTDIR)' has a space))
endif

# The PATH of an unprivileged user on Debian has BINDIR, and not SBINDIR, so BINDIR gets a link. It gets none if both are
# the same directory, where the link would replace the program.
install: all
	install -D -m 755 -t $(DESTDIR)$(SBINDIR) $(BUILD)/rollcall $(BUILD)/rollcall-announce $(BUILD)/rollcall-serve
	install -d $(DESTDIR)$(BINDIR)
	[ $(DESTDIR)$(BINDIR) -ef $(DESTDIR)$(SBINDIR) ] || ln -sfr $(DESTDIR)$(SBINDIR)/rollcall $(DESTDIR)$(BINDIR)/rollcall
	install -D -m 644 -t $(DESTDIR)$(LIBDIR)/rollcall $(BPF_OBJECTS)
	install -D -m 644 -t $(DESTDIR)$(LIBDIR) $(NSS) $(LIB)
	install -D -m 644 -t $(DESTDIR)$(INCLUDEDIR)/rollcall $(LIB_HEADERS)
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig
	sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@INCLUDEDIR@|$(INCLUDEDIR)|; s|@VERSION@|$(VERSION)|' \
		user/lib/rollcall.pc.in >$(DESTDIR)$(LIBDIR)/pkgconfig/rollcall.pc
	chmod 644 $(DESTDIR)$(LIBDIR)/pkgconfig/rollcall.pc
	install -D -m 644 -t $(DESTDIR)$(MANDIR)/man7 docs/*.7
	install -D -m 644 -t $(DESTDIR)$(MANDIR)/man8 docs/*.8
	install -d $(DESTDIR)$(UNITDIR)
	$(foreach unit,$(UNITS),sed 's|@SBINDIR@|$(SBINDIR)|' systemd/$(unit).in >$(DESTDIR)$(UNITDIR)/$(unit) &&) \
	chmod 644 $(addprefix $(DESTDIR)$(UNITDIR)/,$(UNITS))
	install -D -m 644 scripts/completion/bash $(DESTDIR)$(COMPLETION_BASH)
	install -D -m 644 scripts/completion/fish $(DESTDIR)$(COMPLETION_FISH)
	install -D -m 644 scripts/completion/zsh $(DESTDIR)$(COMPLETION_ZSH)
	install -D -m 644 scripts/completion/announce.bash $(DESTDIR)$(ANNOUNCE_COMPLETION_BASH)
	install -D -m 644 scripts/completion/announce.fish $(DESTDIR)$(ANNOUNCE_COMPLETION_FISH)
	install -D -m 644 scripts/completion/announce.zsh $(DESTDIR)$(ANNOUNCE_COMPLETION_ZSH)

uninstall:
	rm -f $(addprefix $(DESTDIR)$(SBINDIR)/,rollcall rollcall-announce rollcall-serve) $(DESTDIR)$(BINDIR)/rollcall
	rm -f $(patsubst docs/%,$(DESTDIR)$(MANDIR)/man7/%,$(wildcard docs/*.7))
	rm -f $(patsubst docs/%,$(DESTDIR)$(MANDIR)/man8/%,$(wildcard docs/*.8))
	rm -f $(DESTDIR)$(LIBDIR)/$(notdir $(NSS)) $(DESTDIR)$(LIBDIR)/$(notdir $(LIB)) \
		$(DESTDIR)$(LIBDIR)/pkgconfig/rollcall.pc
	rm -f $(addprefix $(DESTDIR)$(UNITDIR)/,$(UNITS))
	rm -f $(addprefix $(DESTDIR),$(COMPLETION_BASH) $(COMPLETION_FISH) $(COMPLETION_ZSH) \
		$(ANNOUNCE_COMPLETION_BASH) $(ANNOUNCE_COMPLETION_FISH) $(ANNOUNCE_COMPLETION_ZSH))
	rm -rf $(DESTDIR)$(LIBDIR)/rollcall $(DESTDIR)$(INCLUDEDIR)/rollcall

clean:
	rm -rf $(BUILD)

help:
	@echo 'make            build into $(BUILD): rollcall, rollcall-announce, rollcall-serve, the name service, the filter'
	@echo 'make announce-static  $(BUILD)/static/rollcall-announce, which requires no library'
	@echo 'make demo       four hosts on a LAN of namespaces, two of them with the filter'
	@echo 'make picture    recreate docs/top.svg from a real run'
	@echo 'make test       all tests; TESTS=tests/frames.bats selects some of them'
	@echo 'make test-asan  the tests of code in user space, with AddressSanitizer and UBSan'
	@echo 'make test-kernels  the tests that depend on the kernel, on other kernels under qemu; KERNELS="6.1 6.12"'
	@echo 'make test-nics  the filter on emulated network cards under qemu; NICS="virtio e1000e" NICS_KERNEL=6.1'
	@echo 'make test-arch  ARCH=arm64 (or armhf, s390x): some of the tests on an emulated machine of that architecture'
	@echo 'make test-debian  build, test, package and lint on RELEASE=trixie, sid or bookworm of Debian, as a new user'
	@echo 'make fuzz       random frames for FUZZ_SECONDS ($(FUZZ_SECONDS))'
	@echo 'make soak       random events on a loader for half an hour (SOAK_SECONDS), by SEED'
	@echo 'make bench      costs, compared with bare operations; BENCH_SHORT=1; make bench-check, bench-plot'
	@echo 'make fuzz-corpus, make verifier-table  recreate tests/fuzz/corpus.hex, tests/verifier.txt'
	@echo 'make deb        build the Debian packages into $(BUILD)/deb'
	@echo 'make test-package  install, use and purge them in a separate Debian'
	@echo 'make test-segments  40 segments with a listener each, and one Prometheus; SEGMENTS=12'
	@echo 'make test-browser  the web page in headless Chromium; its screenshots are in $(BUILD)/screenshots'
	@echo 'make cross      ARCH=arm64 (or armhf, i386, riscv64, ppc64el, s390x): build for another architecture'
	@echo 'make test-cross  build for each architecture, and check the results; ARCHES="arm64 s390x"'
	@echo 'make test-reproducible  compare two builds in different folders'
	@echo 'make lint       includes between the folders of user/ (scripts/rooms), words of texts (scripts/words), clang-tidy,'
	@echo '                cppcheck, mandoc'
	@echo 'make deps       install the missing packages of the distribution'
	@echo 'make vmlinux    recreate vmlinux/vmlinux.h from the running kernel'
	@echo 'make install    to PREFIX ($(PREFIX)), below DESTDIR if set; make uninstall'
	@echo 'make clean      remove $(BUILD)'
	@echo 'V=1 shows commands. All targets install the packages that they require (Debian, Ubuntu) or print the command'
	@echo '(Fedora, Arch), except make, fuzz-corpus, install, uninstall, clean and help.'
