# How user programs are built: those of userprog/ and those of the chapters.

newlib := build/newlib/riscv64-unknown-elf
uarch  := -march=rv64gc -mabi=lp64d -mcmodel=medany
ifeq ($(width),32)
uarch  := $(arch)
endif
uflags := $(uarch) -Os $(common) -Iuserprog/lib -isystem userprog/lib/include \
          -isystem $(newlib)/include
ulink  := $(uarch) -static -nostdlib -Llds -L$(newlib)/lib -Wl,--gc-sections \
          -Wl,--build-id=none -Wl,--no-warn-rwx-segments
user   := $(BUILD)/user
crt0   := $(user)/obj/lib/crt0.o
libs   := -Wl,--start-group $(user)/libuser.a -lm -lc -lgcc -Wl,--end-group

# userprog/NAME.c and userprog/NAME/*.c make bin/NAME, userprog/test/NAME.c
# makes test/NAME; userprog/lib/ is what all of them are linked with.
# (bin/test is a program too, but userprog/test/ is not its folder.)
sources  = $(wildcard $(1:bin/%=userprog/%).c \
           $(patsubst bin/%,userprog/%/*.c,$(filter-out bin/test,$1)) \
           $(1:test/%=userprog/test/%).c)
object   = $(patsubst userprog/%,$(user)/obj/%.o,$(basename $1))
library := $(filter-out userprog/lib/crt0.S,$(wildcard userprog/lib/*.[cS]))
folders := $(filter-out lib test rootfs pie,$(patsubst userprog/%/,%,$(sort $(dir \
           $(wildcard userprog/*/*.c)))))
bins    := $(sort $(patsubst userprog/%.c,bin/%,$(wildcard userprog/*.c)) \
           $(folders:%=bin/%))
tests   := $(patsubst userprog/%.c,%,$(wildcard userprog/test/*.c))

# newlib is built once, and shared by all variants.
build/newlib/stamp: tools/newlib | ready
	tools/newlib && touch $@

# Compiled and linked twice: at 17 MiB, and to run anywhere, for harts without
# an MMU.  gcc's driver knows no static PIE, and its linker none at all.
pie  := $(BUILD)/pie
upie := -fPIE -fvisibility=hidden
pld  := riscv64-linux-gnu-ld
plink = $(pld) -pie --no-dynamic-linker -z text -z norelro -Llds \
        -L$(newlib)/lib --gc-sections --build-id=none --no-warn-rwx-segments \
        -u __call_exitprocs -u __register_exitproc -u __on_exit_args -T lds/pie.ld -o $@ \
        $(filter %.o,$^) --start-group $(pie)/libuser.a -lm -lc \
        $(shell $(CC) $(uarch) -print-libgcc-file-name) --end-group

# $1: the folder; $2: more flags for the compiler.
define compile
$1/obj/%.o: userprog/%.c $(BUILD)/u.flags | ready build/newlib/stamp
	$$(call say,UCC)
	$(CC) $(uflags) $2 -MMD -MP -c $$< -o $$@

$1/obj/%.o: userprog/%.S $(BUILD)/u.flags | ready build/newlib/stamp
	$$(call say,UAS)
	$(CC) $(uflags) $2 -MMD -MP -c $$< -o $$@

$1/libuser.a: $(patsubst $(user)/%,$1/%,$(call object,$(library)))
	$$(call say,AR)
	rm -f $$@; $(CROSS)ar rcs $$@ $$^

# What goes into a root is stripped.
$(patsubst %,$1/%,$(bins) $(tests)): $1/%: $1/debug/%
	mkdir -p $$(@D); $(CROSS)strip -o $$@ $$<
endef
$(eval $(call compile,$(user)))
$(eval $(call compile,$(pie),$(upie)))

# gdb reads user/debug/.
$(patsubst %,$(user)/debug/%,$(bins) $(tests)): $(user)/debug/%: \
        $$(call object,$$(call sources,$$*)) $(crt0) $(user)/libuser.a \
        lds/user.ld lds/debug.ld
	$(call say,ULD)
	$(CC) $(ulink) -T lds/user.ld -o $@ $(filter %.o,$^) $(libs)
$(patsubst %,$(pie)/debug/%,$(bins) $(tests)): $(pie)/debug/%: \
        $$(patsubst $(user)/$$(percent),$(pie)/$$(percent),$$(call object,$$(call \
        sources,$$*)) $(crt0)) $(pie)/obj/pie/start.o $(pie)/libuser.a \
        lds/pie.ld lds/debug.ld tools/stacksize
	$(call say,PLD)
	mkdir -p $(@D); $(plink)
	$(if $(stack),tools/stacksize $@ $(stack))
	! riscv64-linux-gnu-readelf -rW $@ | grep R_RISCV_ | grep -v RELATIVE
percent := %
# Other than the kernel's usual size.
$(pie)/debug/bin/sh: private stack := 0x40000

# ---- the initial root, and the same with the test programs in /test --------

rootfs := $(shell find userprog/rootfs 2>/dev/null)
entries = $(foreach p,$1,$p=$(or $2,$(user))/$p)
rflags := $(bins) $(rootfs)

# $1: where they go; $2: the folder of the programs.
define root
$1/initrd.cpio: $(bins:%=$2/%) $(rootfs) tools/mkinitrd $(BUILD)/r.flags
	$$(call say,CPIO)
	tools/mkinitrd $$@ $(wildcard userprog/rootfs) $(call entries,$(bins),$2)
$1/test.cpio: $1/initrd.cpio $(tests:%=$2/%)
	$$(call say,CPIO)
	tools/mkinitrd $$@ $$< $(call entries,$(tests),$2)
endef
$(eval $(call root,$(BUILD),$(user)))
$(foreach b,$(nommu),$(eval $(call root,$(BUILD)/$b,$(pie))))

# ---- the disk: kept between runs, so it is made only where there is none ----

DISKSIZE ?= 256
image    := $(BUILD)$(if $(filter $(nommu),$(BOARD)),/$(BOARD))/disk.img
suit     := $(if $(filter $(nommu),$(BOARD)),$(pie),$(user))
contents  = $(wildcard userprog/rootfs) $(call entries,$(bins),$(suit))
$(image): | $(bins:%=$(suit)/%) $(rootfs) tools/disk
	$(call say,DISK)
	tools/disk make $@ $(DISKSIZE) $(contents)

# ---- a program with nothing of ours in it: newlib's start-up code and libgloss -

$(user)/stock/%: userprog/test/stock/%.c build/newlib/stamp | ready
	$(call say,STOCK)
	$(CC) $(uarch) -Os -Wall -Wextra -Werror -isystem $(newlib)/include \
	    -B$(newlib)/lib -L$(newlib)/lib -s -o $@ $<
$(BUILD)/stock.cpio: $(BUILD)/initrd.cpio $(user)/stock/sleeper
	$(call say,CPIO)
	tools/mkinitrd $@ $< stock/sleeper=$(user)/stock/sleeper

# ---- what `make bench` counts on: an empty disk, which the program copies -----
# Many inodes for its size, for a directory with many names.

$(BUILD)/bench.cpio: $(BUILD)/initrd.cpio $(user)/test/hundred
	$(call say,CPIO)
	rm -f $(@D)/bench.img
	PATH=$$PATH:/usr/sbin:/sbin E2FSPROGS_FAKE_TIME=1704067200 \
	    mke2fs -q -F -t ext2 -b 4096 -I 256 -N 24576 -m 0 -J size=8 \
	    -O none,has_journal,filetype,sparse_super,large_file \
	    -U 6261726e-6f6f-742d-6469-736b2d303030 $(@D)/bench.img 64M >/dev/null
	tools/mkinitrd $@ $< test/hundred=$(user)/test/hundred \
	    disk.img=$(@D)/bench.img

# ---- programs of the chapters: chapters/NN-name/user/NAME.c or NAME.S ------
# With a user.ld of its own, a chapter's programs stand alone, as one in assembly
# always does: no crt0, no C library (so gcc is told not to turn a loop into a call of strlen).

home     = $(wildcard chapters/$(patsubst ch%,%,$(firstword $(subst /, ,$1)))-*)
scripts  = $(or $(wildcard $(call home,$1)/user.ld),lds/user.ld)
shown   := $(foreach s,$(wildcard chapters/*/user/*.[cS]),ch$(firstword \
           $(subst -, ,$(s:chapters/%=%)))/$(basename $(notdir $s)))
shown   := $(sort $(shown))
bare     = $(wildcard $(call home,$1)/user.ld $(call home,$1)/user/$(notdir $1).S)
own      = $(filter $(firstword $(subst /, ,$1))/%,$(shown))

$(shown:%=$(BUILD)/%.elf): $(BUILD)/%.elf: \
        $$(wildcard $$(call home,$$*)/user/$$(notdir $$*).[cS]) \
        $$(call scripts,$$*) $(BUILD)/u.flags \
        $$(if $$(call bare,$$*),,$(crt0) $(user)/libuser.a) \
        | ready
	$(call say,ULD)
	$(CC) $(uflags) $(ulink) -MMD -MP -MF $(@:.elf=.d) -MT $@ -o $@ \
	    $(if $(filter %.a,$^),,-fno-tree-loop-distribute-patterns) \
	    -T $(filter %.ld,$^) \
	    $(filter %.c %.S %.o,$^) $(if $(filter %.a,$^),$(libs),$(libgcc))
	mkdir -p $(@D)/root; $(CROSS)strip -o $(@D)/root/$(*F) $@

$(numbers:%=$(BUILD)/ch%/initrd.cpio): $(BUILD)/%/initrd.cpio: \
        $$(addprefix $(BUILD)/,$$(addsuffix .elf,$$(call own,$$*))) \
        $$(shell find $$(call home,$$*)/root 2>/dev/null) \
        tools/mkinitrd
	$(call say,CPIO)
	tools/mkinitrd $@ $(wildcard $(call home,$*)/root) \
	    $(foreach p,$(notdir $(call own,$*)),$p=$(@D)/root/$p)

# Where programs stand alone, and the chapter has no root/ to put them in, there
# is no file system yet: the kernel gets their flat images and a table of them.
chapter = $(patsubst %,ch%,$(filter $(numbers),$(foreach f,$(wildcard \
          chapters/*/$1),$(firstword $(subst -, ,$(f:chapters/%=%))))))
alone  := $(filter-out $(call chapter,root),$(call chapter,user.ld))

$(alone:%=$(BUILD)/%/libinitrd.a): $(BUILD)/%/libinitrd.a: \
        $$(addprefix $(BUILD)/,$$(addsuffix .elf,$$(call own,$$*))) \
        tools/programs
	$(call say,BIN)
	for p in $(notdir $(call own,$*)); do \
	    $(CROSS)objcopy -O binary $(@D)/$$p.elf $(@D)/$$p.bin; done
	tools/programs $(patsubst %,$(@D)/%.bin,$(notdir $(call own,$*))) \
	    >$(@D)/programs.S
	$(CC) $(arch) -c $(@D)/programs.S -o $(@D)/programs.o
	rm -f $@; $(CROSS)ar rcs $@ $(@D)/programs.o

# ---- disks of chapters ------------------------------------------------------
# Whoever boots NAME.elf by tools/run gets NAME.img as its disk.

$(BUILD)/ch13.elf: | $(BUILD)/ch13.img
$(BUILD)/ch13.img: | ready
	mkdir -p $(@D); truncate -s 2M $@

$(BUILD)/ch14.elf: | $(BUILD)/ch14.img
tools14 := $(addprefix bin/,sh cat head ls ln mkdir mount mv rm tail umount wc)
$(BUILD)/ch14.img: $(BUILD)/ch14/initrd.cpio $(BUILD)/ch14/blank \
        $(tools14:%=$(user)/%) tools/disk
	$(call say,DISK)
	tools/disk make $@ 32 $(call home,ch14)/root $(call entries,$(tools14)) \
	    blank=$(BUILD)/ch14/blank \
	    $(foreach p,init filetest cut,bin/$p=$(BUILD)/ch14/root/$p)
$(BUILD)/ch14/blank: | ready
	mkdir -p $(@D); truncate -s 3M $@
	PATH=$$PATH:/usr/sbin:/sbin E2FSPROGS_FAKE_TIME=1704067200 mke2fs -q -F \
	    -t ext3 -b 1024 -N 64 -m 0 -J size=1 \
	    -O none,has_journal,filetype,sparse_super $@
