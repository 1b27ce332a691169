# Cache, ext2 and journal as plain C over a disk in memory, with sanitizers:
# crash tests, random operations, bent images.

hdisk    := $(host)/disk
dunits   := disk/block disk/cache disk/transport disk/writeback \
            disk/reclaim files/inode \
            $(filter disk/journal% disk/ext2%,$(patsubst src/%.c,%, \
            $(filter-out %/ext2_io.c,$(wildcard src/disk/*.c))))
dobjects := $(addprefix $(hdisk)/,$(addsuffix .o,$(dunits)))
dflags   := -Itests/host/disk/fake -Itests/host/disk $(hflags) $(hcheck) \
            -DDEBUG=1
dtests   := $(addprefix $(hdisk)/,crash exercise mutate replay use flushes moments)

every          := host.o device.o files.o snapshot.o
parts.crash    := $(every) crash.o crash_states.o crash_main.o steps.o plant.o check.o \
                  prepare.o
parts.exercise := $(every) exercise.o check.o
parts.mutate   := $(every) mutate.o prepare.o
parts.replay   := $(every) replay.o
parts.use      := $(every) use.o
parts.flushes  := $(every) flushes.o
parts.moments  := $(every) moments.o

$(hdisk)/%.o: src/%.c $(hheaders) tests/host/disk/disk.mk
	mkdir -p $(@D)
	$(HOSTCC) $(dflags) -c $< -o $@
$(hdisk)/test/%.o: tests/host/disk/%.c $(hheaders) \
        $(wildcard tests/host/disk/*.h tests/host/disk/fake/*/*.h)
	mkdir -p $(@D)
	$(HOSTCC) $(dflags) -c $< -o $@

$(dtests): $(dobjects) $$(addprefix $(hdisk)/test/,$$(parts.$$(@F)))
	$(HOSTCC) $(hcheck) $^ -o $@

host-programs: $(dtests)
