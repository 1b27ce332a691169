# Programs with nothing of ours in them: newlib's own start-up code and libgloss
# from the same build of newlib, and static programs of the GNU C library.

stocks := $(patsubst userprog/%.c,%,$(wildcard userprog/test/stock/*.c))
glibcs := $(patsubst userprog/%.c,%,$(wildcard userprog/test/glibc/*.c))
GLIBCCC := riscv64-linux-gnu-gcc

$(stocks:%=$(user)/%): $(user)/%: userprog/%.c build/newlib/stamp | ready
	$(call say,STOCK)
	mkdir -p $(@D)
	$(CC) $(uarch) -Os -Wall -Wextra -Werror -isystem $(newlib)/include \
	    -B$(newlib)/lib -L$(newlib)/lib -u _printf_float -s -o $@ $< -lm
$(glibcs:%=$(user)/%): $(user)/%: userprog/%.c | ready
	$(call say,GLIBC)
	mkdir -p $(@D)
	$(GLIBCCC) -O2 -Wall -Wextra -Werror -static -s -o $@ $< -lm -pthread
