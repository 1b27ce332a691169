# Barefoot's build on one page; `make help` lists what it can do.
#   DEBUG=1  builds into build/debug, with checks and poison
#   UBSAN=1  builds into build/ubsan, with -fsanitize=undefined as well
#   V=1      shows the commands

UBSAN  ?= 0
DEBUG  ?= $(UBSAN)
BUILD  := build$(if $(filter 1,$(UBSAN)),/ubsan,$(if $(filter 1,$(DEBUG)),/debug))
CROSS  := riscv64-unknown-elf-
CC     := $(CROSS)gcc
python := /usr/bin/python3

# src/board/NAME.c and lds/NAME.ld.  virt-epmp and virt-nommu are virt with
# another hart, and share its kernel.
BOARD  ?= virt
boards := $(patsubst src/board/%.c,%,$(wildcard src/board/*.c))
apart  := $(patsubst src/board/%.c,%,$(shell grep -ls '^// Built with: src/' \
          src/board/*.c))
ground := $(filter-out virt,$(BOARD:virt-%=virt))
ground := $(BUILD)$(ground:%=/%)
width  := 64
top    := 16

# Harts without an MMU: their full system is another, with these units in place
# of those that know page tables, and with programs that run anywhere.
nommu  := virt-nommu
paged  := machine/pmp memory/table memory/sv39 memory/share memory/pager \
          memory/fault memory/peek memory/room memory/remap
system := $(if $(filter $(nommu),$(BOARD)),$(BUILD)/$(BOARD),$(ground))

# Boards of 32 bits are built for themselves, up to floor 6; and so are
# those whose file says `Built with: FOLDER`: headers in there go before the
# usual ones (small: tables for little memory; thead: another timer).
narrow := virt32 sifive_e
apart  := $(sort $(apart) $(narrow))
with   := $(shell sed -n 's,^// Built with: \(src/.*\),\1,p' \
          src/board/$(BOARD).c 2>/dev/null)
boards := $(filter-out $(apart),$(boards))
ifneq ($(filter $(apart),$(BOARD)),)
BUILD  := $(BUILD)/$(BOARD)
ground := $(BUILD)
boards := $(BOARD)
endif
ifneq ($(filter $(narrow),$(BOARD)),)
width  := 32
top    := 6
endif
small  := $(filter src/small,$(with))

MAKEFLAGS += -r
SHELL := /bin/bash
.DELETE_ON_ERROR:
.SECONDARY:
.SECONDEXPANSION:
$(V).SILENT:

# What the user typed arrives in the recipes by the environment, so that no
# `$`, quote or `;` in it is read by make or by the shell.
export RAW := $(value CMD)
unexport CMD

comma := ,
quiet  = $(findstring s,$(filter-out --% %=%,$(firstword $(MAKEFLAGS))))
say    = $(if $(quiet),,printf '  %-4s %s\n' $1 $@ >&2;) mkdir -p $(@D)

.DEFAULT_GOAL := all

# ---- the kernel: every unit of src/floors, in one archive ------------------

units   := $(sort lib/ubsan $(filter-out machine/offsets monitor/monitor,$(shell \
           awk '/^[0-9]/ && ($$1 <= $(top) || $$1 == 16) \
           { $$1 = $$2 = ""; print }' src/floors)))
objects := $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard $(units:%=src/%.c)))
objects += $(BUILD)/obj/trap.S.o
objects += $(patsubst src/%.S,$(BUILD)/obj/%.S.o,$(wildcard $(units:%=src/%.S)))
walled  := $(filter-out $(paged:%=$(BUILD)/obj/%.o),$(objects))
objects := $(filter-out $(BUILD)/obj/nommu/%,$(objects))

# -fno-tree-loop-...: else gcc turns the loop in memset() into a call of it.
abi    := $(if $(filter 32,$(width)),ilp32,lp64)
arch   := -march=rv$(width)imac_zicsr_zifencei -mabi=$(abi) -mcmodel=medany
# gcc finds that of 32 bits only by the bare name of the instruction set.
libgcc := $(if $(filter 32,$(width)),$(shell $(CC) -march=rv32imac \
          -mabi=ilp32 -print-libgcc-file-name),-lgcc)
common := -std=gnu11 -g -Wall -Wextra -Werror -fno-common \
          -ffunction-sections -fdata-sections
kflags := $(arch) $(if $(filter 32,$(width)),-Os,-O2) $(common) -ffreestanding -DDEBUG=$(DEBUG) \
          $(with:%=-I%) -Isrc -I$(BUILD)/gen -fno-tree-loop-distribute-patterns -fstack-usage
kflags += $(if $(filter 1,$(UBSAN)),-fsanitize=undefined)
# On 32 bits size_t and uint32_t are of one size, but not of one type.
kflags += $(if $(filter 32,$(width)),-Wno-format)
# Backtraces need frame pointers (s0).  What every trap goes through does
# without them and leaves s0 alone, so that a backtrace steps over it.
kflags += -fno-omit-frame-pointer
klean  := machine/trap process/sched process/syscall process/timer lib/string \
          process/wait process/futex process/deliver process/action \
          process/handler process/group \
          files/io files/pipe \
          disk/cache disk/journal disk/transport disk/writeback \
          disk/ext2_io disk/ext2_file disk/ext2_map disk/ext2_alloc \
          disk/ext2_index disk/ext2_entry disk/ext2_directory disk/ext2_inode \
          files/path
$(klean:%=$(BUILD)/obj/%.o): private kflags += -fomit-frame-pointer -ffixed-x8
# The monitor is to be small.
$(BUILD)/obj/monitor/%.o $(BUILD)/monitor/main.o: private kflags += -Os
klink  := $(arch) -nostdlib -static -Llds -Wl,--gc-sections \
          -Wl,--build-id=none -Wl,--no-warn-rwx-segments

# Rewritten only when the words differ; what depends on it is built again then.
$(BUILD)/%.flags: force
	mkdir -p $(@D)
	echo '$($*flags) $($*link) $($*lean) $($*pie)' | cmp -s - $@ || \
	    echo '$($*flags) $($*link) $($*lean) $($*pie)' >$@

$(BUILD)/obj/%.o: src/%.c $(BUILD)/k.flags | ready
	$(call say,CC)
	$(CC) $(kflags) -MMD -MP -c $< -o $@

$(BUILD)/obj/%.S.o: %.S $(BUILD)/gen/offsets.inc $(BUILD)/k.flags | ready
	$(call say,AS)
	$(CC) $(kflags) -MMD -MP -c $< -o $@

$(BUILD)/obj/%.S.o: src/%.S $(BUILD)/gen/offsets.inc $(BUILD)/k.flags | ready
	$(call say,AS)
	$(CC) $(kflags) -MMD -MP -c $< -o $@

# What -fsanitize=undefined calls when it finds something is not checked itself.
# The archive keeps it out of every kernel that does not call it.
$(BUILD)/obj/lib/ubsan.o: private kflags += -fno-sanitize=all

# No human writes an offset: `->NAME VALUE` in the assembly becomes `.equ`.
$(BUILD)/gen/offsets.inc: src/machine/offsets.c $(BUILD)/k.flags | ready
	$(call say,GEN)
	$(CC) $(filter-out -g,$(kflags)) -MMD -MP -MT $@ -S $< -o $(@:.inc=.s)
	sed -n 's/^\s*->\(\w*\) \(-\?[0-9]*\).*/.equ \1, \2/p' $(@:.inc=.s) >$@

$(BUILD)/libkernel.a: $(objects)
$(BUILD)/nommu/libkernel.a: $(walled)
$(BUILD)/libkernel.a $(BUILD)/nommu/libkernel.a:
	$(call say,AR)
	rm -f $@; $(CROSS)ar rcsPT $@ $^

# ---- kernels: the full system, a small one for each chapter, for some tests -

numbers := $(sort $(foreach c,$(wildcard chapters/*/main.c),$(firstword \
           $(subst -, ,$(c:chapters/%=%)))))
trials  := $(patsubst tests/kernels/%.c,tests/%,$(wildcard tests/kernels/*.c))
kernels := kernel monitor $(numbers:%=ch%) $(trials)
ifeq ($(width),32)
kernels := monitor ch01 ch02 ch03 ch04 ch05 ch06
$(BUILD)/kernel.elf:
	echo '$(BOARD) has floors 1 to 6 only: make ch1 ... ch6' >&2; exit 1
endif
source   = $(or $(if $(filter kernel,$1),src/main.c),\
           $(if $(filter monitor,$1),src/monitor/monitor.c),$(wildcard $(if \
           $(filter tests/%,$1),$(1:tests/%=tests/kernels/%.c), \
           chapters/$(1:ch%=%)-*/main.c)))

$(kernels:%=$(BUILD)/%/main.o): $(BUILD)/%/main.o: $$(call source,$$*) \
        $(BUILD)/k.flags $(BUILD)/gen/offsets.inc | ready
	$(call say,CC)
	$(CC) $(kflags) -MMD -MP -c $< -o $@

# Linked twice.  The table of symbols comes last in memory, so the addresses of
# the first link, made with an empty table, are still those of the second;
# cmp sees to it.  Boards differ in one object and the linker script.
link   = $(CC) $(klink) -o $@ $(filter %.o,$^) -Wl,--start-group \
         $(filter %.a,$^) -Wl,--end-group $(libgcc) -T $(filter-out \
         %/ram.ld %/flash.ld,$(filter %.ld,$^))

# $1: where to; $2: the board's file; $3: the kernels; $4: their archives.
define on-board
$(3:%=$1/%/first.elf): $1/%/first.elf: $(BUILD)/%/main.o \
        $(BUILD)/obj/boot.S.o $4 $(BUILD)/gen/symbols.o \
        $(BUILD)/obj/board/$2.o lds/$(or $5,$2).ld lds/ram.ld lds/flash.ld
	mkdir -p $$(@D); $$(link)
$(3:%=$1/%.elf): $1/%.elf: $(BUILD)/%/main.o $(BUILD)/obj/boot.S.o $4 \
        $1/%/symbols.o $(BUILD)/obj/board/$2.o \
        lds/$(or $5,$2).ld lds/ram.ld lds/flash.ld
	$$(call say,LD)
	$$(link) -Wl,-Map=$1/$$*.map
	$(CROSS)nm $$@ | tools/symbols | cmp - $1/$$*/symbols.S
	$(if $(small),$(CROSS)objcopy -O binary $$@ $$(@:.elf=.bin)
	$(if $(quiet),,$(CROSS)nm $$@ | sed -n 's/ A _memory_used//p' | \
	    xargs -I@ printf '       memory: %d bytes\n' 0x@))
$(3:%=$1/%/symbols.S): %/symbols.S: %/first.elf tools/symbols
	$(CROSS)nm $$< | tools/symbols >$$@
endef
$(foreach b,$(boards),$(eval $(call on-board,$(BUILD)$(addprefix /,\
    $(filter-out virt $(apart),$b)),$(b:virt32=virt),$(kernels),\
    $$$$(call initrd,$$$$*) $(BUILD)/libkernel.a,$b)))
$(foreach b,$(nommu),$(eval $(call on-board,$(BUILD)/$b,$(b:virt-%=virt),kernel,\
    $(BUILD)/$b/libinitrd.a $(BUILD)/nommu/libkernel.a)))
$(BUILD)/gen/symbols.S: tools/symbols | ready
	mkdir -p $(@D); tools/symbols </dev/null >$@
%/symbols.o: %/symbols.S | ready
	$(CC) $(arch) -c $< -o $@

# The initial root lies in an archive, so only a kernel that asks has it.
# A chapter with programs of its own has those; below floor 9 there are none.
low    := monitor ch16 ch01 ch02 ch03 ch04 ch05 ch06 ch07 ch08 tests/%
initrd = $(if $(wildcard chapters/$(1:ch%=%)-*/user/*),$(BUILD)/$1/libinitrd.a,\
         $(if $(filter $(low),$1),,$(BUILD)/libinitrd.a))

%/libinitrd.a: tools/initrd.S %/initrd.cpio | ready
	$(CC) $(arch) -DFILE='"$(@D)/initrd.cpio"' -c $< -o $(@D)/initrd.o
	rm -f $@; $(CROSS)ar rcs $@ $(@D)/initrd.o

include tools/programs.mk
-include tests/host/host.mk
$(host-tests) $(fuzzers) $(host)/seeds/.made $(host)/cost.elf: | ready-test

# ---- what one can ask for ---------------------------------------------------

everything := $(kernels:%=$(BUILD)/%.elf) \
              $(if $(filter 64,$(width)),$(BUILD)/test.cpio) \
              $(foreach b,$(filter-out virt $(apart),$(boards)),\
              $(BUILD)/$b/kernel.elf $(BUILD)/$b/monitor.elf \
              $(BUILD)/$b/tests/fault.elf) \
              $(foreach b,$(if $(filter 64,$(width)),$(nommu)),\
              $(BUILD)/$b/kernel.elf $(BUILD)/$b/test.cpio)
chapters   := $(foreach n,$(numbers),ch$(n:0%=%))
run = exec tools/run --board=$(BOARD) --initrd=$(if $(filter $(nommu),$(BOARD)),$(BUILD)/$(BOARD),$(BUILD))/initrd.cpio --files="$$FILES" \
      --mem="$$MEM" --harts="$$HARTS" --append="$$APPEND" --flags="$$QEMUFLAGS" \
      $(disks:%=--disk=%) \
      --timeout="$${TIMEOUT:-0}" --command="$$RAW"
pytest = unset $${!MAKE*}; PYTHONDONTWRITEBYTECODE=1 BUILD=$(BUILD) \
         $(python) -m pytest -n 2 $(or $1,tests) --junitxml=$(BUILD)/tests.xml

# Again on four harts; what is quick there, or what is named.
many   = export HARTS=4; $(filter-out --junitxml=%,$(call pytest,$1))

# The disks that `make run` boots with, the first of which has the root; with
# none of them, as on boards that have none, the initial root is it.
DISK  ?= $(if $(filter virt virt-%,$(BOARD)),$(image),none)
disk  := $(filter-out none,$(DISK))
fresh  = $(if $(filter $(image),$(disk)),tools/disk refresh $(image) $(contents))
# What `make debug` boots: the whole system, the highest floor of a narrow board,
# or the kernel of chapter N.
looked := $(or $(N:%=ch$(if $(word 2,$(subst -, ,$(wildcard \
          chapters/0$(N)-*))),0)%),$(if $(filter 32,$(width)),ch06,kernel))
looked := $(if $(filter kernel,$(looked)),$(system),$(ground))/$(looked).elf
run debug: private disks = $(disk)

setup: ## install what is needed (apt), and build newlib once
	tools/setup
run: $(system)/kernel.elf $(disk) ## boot to a shell [BOARD= CMD= FILES= MEM= HARTS= DISK= QEMUFLAGS= TIMEOUT=]
	$(fresh)
	$(run) $<
disk: $(bins:%=$(user)/%) ## make the disk image anew [DISKSIZE= in MiB]
	tools/disk make $(image) $(DISKSIZE) $(contents)
ls-disk: $(image) ## list the files in the disk
	tools/disk ls $(image)
get: $(image) ## copy out of the disk: FILE= in it, TO= on the host
	tools/disk get $(image) "$$FILE" "$$TO"
put: $(image) ## copy into the disk: FILE= on the host, TO= in it
	tools/disk put $(image) "$$FILE" "$$TO"
ch%: ## make ch1, ch2 ...: build and run the kernel of a chapter
$(chapters): ch%: $(ground)/ch$$(if $$(word 2,$$(subst -, ,$$(wildcard \
        chapters/0$$*-*))),0)$$*.elf
	TIMEOUT=$${TIMEOUT:-60}; HARTS=$${HARTS:-$(if $(filter ch15,$@),4)}; $(run) $< </dev/null
all: $(BUILD)/kernel.elf $(BUILD)/initrd.cpio ## (the default) build kernel and programs
everything: $(everything) ## build the chapters and the test programs as well
narrows = for board in $(narrow); do $(MAKE) --no-print-directory \
          BOARD=$$board everything || exit 1; done
test: ready-test everything host-programs ## run the tests, under ten minutes on two cores
	$(MAKE) --no-print-directory UBSAN=1 everything
	$(narrows)
	$(pytest) -m 'not long'
	$(call many,tests/test_pipes.py tests/test_jobs.py) -m 'not long'
test-long: ready-test everything host-programs ## run the rest of them
	$(MAKE) --no-print-directory UBSAN=1 everything
	$(pytest) -m long
	$(call many,tests)
	$(MAKE) --no-print-directory UBSAN=1 test-watched
	$(MAKE) --no-print-directory test-boards
# What the machine says of itself, on each of the boards.
test-boards: ready-test everything host-programs
	for board in $(filter-out virt,$(boards)) virt-epmp; do echo "== $$board"; \
	    BOARD=$$board; export BOARD; $(call pytest,$(patsubst %,\
	    tests/test_%.py,user pipes jobs files)) -m 'not long' \
	    -k 'not ubsan and not bounded' \
	    || exit 1; done
# What boots a machine, on a kernel that watches itself; it needs more
# instructions, so those are not compared.
test-watched: ready-test everything host-programs
	$(pytest) -m 'not long' -k 'not instructions' $(patsubst %,\
	    --ignore=tests/test_%.py,bench floors host lint pages readme run setup)
bench: $(BUILD)/kernel.elf $(BUILD)/stock.cpio $(BUILD)/bench.cpio ## count instructions, compare with the goals
	tools/bench $< $(BUILD)/bench.json $(BUILD)/stock.cpio $(BUILD)/bench.cpio
monitor: $(ground)/monitor.elf ## the bring-up monitor, on this terminal [BOARD=]
	$(run) $<
bringup: $(ground)/monitor.elf ## its checklist, unattended [BOARD= PORT=/dev/ttyUSB0]
	exec tools/bringup --board=$(BOARD) --port="$$PORT" $<
bench-harts: $(BUILD)/kernel.elf $(BUILD)/test.cpio ## what a second hart is worth, by the host's clock
	tools/bench-harts $^
soak: $(BUILD)/kernel.elf $(BUILD)/test.cpio ## a mixed load for an hour of virtual time [SEED= SPAN=]
	tools/soak $^ $(or $(SEED),1) $(or $(SPAN),3600)
trace: $(BUILD)/kernel.elf ## run CMD= and draw what the kernel did, in build/trace
	exec tools/trace run $< $(BUILD)/trace "$$RAW"
docs: all ## write what the pages quote: code, transcripts, tables
	tools/trace write
	tools/quote write
check: all ## the pages quote what is there, name what exists, link to what is there
	tools/trace check
	tools/quote check
setup-site: ## install what the site needs: Node, Chromium, packages of npm
	tools/setup site
site: ready-site ## build the pages as a site into build/site
	site/node_modules/.bin/vitepress build site
site-serve: site ## show it at http://localhost:8000/ [PORT=]
	exec $(python) -m http.server --bind 127.0.0.1 --directory build/site \
	    $(or $(PORT),8000)
site-test: site ## look at it in a headless Chromium
	node site/test.mjs
exercise: ## check your change for the exercise of chapter N=
	tools/variant exercise $(N)
wrong: everything ## run the tempting wrong way of chapter N= [NAME=]
	tools/variant wrong $(N) $(NAME)
lint: everything ## format, warnings, order of floors, sizes, stack use
	tools/lint
debug: $(looked) $(disk) ## boot, stop at reset and wait for gdb [BOARD= N= of a chapter]
	$(fresh)
	QEMUFLAGS="-S -s $$QEMUFLAGS"; $(run) $<
gdb: $(looked) ## attach gdb to `make debug` [BOARD= N=]
	exec gdb-multiarch -q -x tools/gdb.py -ex 'connect :1234' $<
board: ## begin a new board from the template: NAME=
	tools/board "$$NAME"
doctor: ## report tools, versions, and what is wrong with each
	tools/setup --doctor
compile_commands.json: everything ## for editors
	$(MAKE) --no-print-directory -Bn V=1 everything | tools/compile-commands >$@
clean: ## remove what was built, except newlib
	test ! -d build || find build -mindepth 1 -maxdepth 1 ! -name 'newlib*' \
	    -exec rm -r {} +
help: ## this list
	awk -F ':.*## ' '/^[a-z%_.-]+:.*## / { printf "  %-22s%s\n", $$1, $$2 }' Makefile

# Everything that is built waits for this: `make setup run` in this order, and
# one line about what is missing when there was no set-up.
ready: $(filter setup clean,$(MAKECMDGOALS))
	tools/setup --check
ready-test: $(filter setup clean,$(MAKECMDGOALS))
	tools/setup --check test
ready-site: $(filter setup-site clean,$(MAKECMDGOALS))
	tools/setup --check site
force:
host-programs:
.PHONY: all everything host-programs setup run disk ls-disk get put \
        $(chapters) test test-long test-watched test-boards bench bench-harts monitor bringup board soak docs \
        check trace setup-site site site-serve site-test exercise wrong lint debug gdb \
        doctor clean help ready ready-test ready-site force compile_commands.json

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
