# What runs on the host: units of plain C with sanitizers, fuzzers for the three
# readers, and the bare program that counts instructions.
#   make host-test            the units, with DEBUG=0 and DEBUG=1
#   make fuzz SECONDS=20      each fuzzer for so long

host     := build/host
HOSTCC   ?= clang
SECONDS  ?= 20
hunits   := lib/print lib/heapq memory/page memory/heap machine/fdt files/cpio \
            files/terminal machine/walls process/elf
hkernel  := $(hunits:%=src/%.c) src/lib/string.c
hcosts   := lib/string $(filter-out files/terminal machine/walls process/elf,$(hunits))
htests   := $(filter-out %/test_ubsan.c,$(wildcard tests/host/test_*.c)) \
            tests/host/main.c
hheaders := $(wildcard src/*/*.h tests/host/*.h)
hflags   := -std=gnu11 -g -O1 -Wall -Wextra -Werror -Isrc -Itests/host \
            -fno-omit-frame-pointer
hcheck   := -fsanitize=address,undefined -fno-sanitize-recover=all

# Our string functions go by names of their own, so that the units under test
# call the C library's, which the sanitizer watches.
renamed  := $(foreach f,memcpy memmove memset memcmp memchr strlen strnlen \
            strcmp strncmp strchr strrchr,-D$f=k_$f)

host-tests := $(host)/units-0 $(host)/units-1 $(host)/ubsan $(host)/virtio
fuzzers    := $(host)/fuzz_fdt $(host)/fuzz_cpio $(host)/fuzz_elf

host-test: $(host-tests) $(host)/seeds/.made $(host)/cost.elf
	for test in $(host-tests); do \
		FDT_VIRT=$(host)/seeds/fdt/virt $$test || exit 1; done
	tests/host/cost $(host)/cost.elf

fuzz: $(fuzzers) $(host)/seeds/.made
	for kind in fdt cpio elf; do \
		tests/host/fuzz $(host) $$kind $(SECONDS) || exit 1; done

host-programs: $(host-tests) $(fuzzers) $(host)/seeds/.made $(host)/cost.elf

$(host)/units-%: $(hkernel) $(htests) $(hheaders) tests/host/host.mk
	mkdir -p $@.o
	for f in src/lib/string.c tests/host/test_string.c; do \
		$(HOSTCC) $(hflags) $(hcheck) -fno-builtin $(renamed) \
		-DDEBUG=$* -c $$f -o $@.o/$$(basename $$f .c).o || exit 1; done
	$(HOSTCC) $(hflags) $(hcheck) -DDEBUG=$* $(hunits:%=src/%.c) \
		$(filter-out %/test_string.c,$(htests)) $@.o/*.o -o $@

# gcc's: its instrumentation is what the kernel is built with.
$(host)/ubsan: tests/host/test_ubsan.c src/lib/ubsan.c $(hheaders)
	mkdir -p $(@D)
	gcc $(hflags) -c src/lib/ubsan.c -o $@-handlers.o
	gcc $(hflags) -fsanitize=undefined -c $< -o $@-test.o
	gcc $@-test.o $@-handlers.o -o $@

# A driver against a device that the test plays: fake/ comes before src/.
$(host)/virtio: tests/host/virtio.c tests/host/fakedisk.c src/disk/block.c \
                src/disk/virtio.c src/disk/virtblk.c
$(host)/virtio: $(wildcard tests/host/fake/*/*.h) $(hheaders)
	mkdir -p $(@D)
	$(HOSTCC) -Itests/host/fake $(hflags) $(hcheck) -DDEBUG=1 \
		$(filter %.c,$^) -o $@

$(host)/fuzz_%: tests/host/fuzz_%.c $(hkernel) $(hheaders)
	mkdir -p $(@D)
	clang $(hflags) -fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all $< $(filter %/$*.c,$(hkernel)) -o $@

$(host)/seeds/.made: tests/host/seeds $(host)/cost.elf
	tests/host/seeds $(@D) $(host)/cost.elf
	touch $@

# The kernel's own objects, so the counts are what the kernel pays.
$(host)/cost.elf: tests/host/cost.c $(hcosts:%=$(BUILD)/obj/%.o)
	mkdir -p $(@D)
	$(CC) $(kflags) -nostdlib -static -Wl,--no-relax,--no-warn-rwx-segments \
		-Wl,--section-start=.start=0x80000000,-Ttext=0x80001000 $^ -o $@

.PHONY: host-test host-programs fuzz
include tests/host/disk/disk.mk
