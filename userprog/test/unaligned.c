// Loads and stores that are not aligned, each done twice: by the hart, and by
// the kernel, which is asked for it by EMULATE_NEXT in front (boot argument
// emulate=all).  Both must leave the same register and the same memory.  With
// the argument `time`, only rdtime, which some harts leave to the kernel too.
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define EMULATE_NEXT ".4byte 0x0000000b\n"

struct kind {
	const char *name;
	uint64_t (*act)(void *at, uint64_t value);
};

// Each is a row of two functions: by the hart, by the kernel.
#define KIND(name, text)                                                       \
	static uint64_t name##_hart(void *at, uint64_t value)                  \
	{                                                                      \
		ACT("", text);                                                 \
	}                                                                      \
	static uint64_t name##_kernel(void *at, uint64_t value)                \
	{                                                                      \
		ACT(EMULATE_NEXT, text);                                       \
	}

// The value is in a0 and fa0, the address in a1; what comes back is a0, changed
// by what fa0 holds then.  sp is kept in t0 where it serves as the base.
#define ACT(before, text)                                                      \
	register uint64_t a0 asm("a0") = value;                                \
	register void *a1 asm("a1") = at;                                      \
	uint64_t floats;                                                       \
	asm volatile("fmv.d.x fa0, a0\n"                                       \
	             ".option push\n" text(before) ".option pop\n"             \
	             "fmv.x.d %2, fa0\n"                                       \
	             : "+r"(a0), "+r"(a1), "=r"(floats)                        \
	             :                                                         \
	             : "t0", "fa0", "memory");                                 \
	return a0 ^ floats << 1

#define lh(b)   ".option norvc\n" b "lh a0, 0(a1)\n"
#define lhu(b)  ".option norvc\n" b "lhu a0, 0(a1)\n"
#define lw(b)   ".option norvc\n" b "lw a0, 0(a1)\n"
#define lwu(b)  ".option norvc\n" b "lwu a0, 0(a1)\n"
#define ld(b)   ".option norvc\n" b "ld a0, 0(a1)\n"
#define ldx0(b) ".option norvc\n" b "ld zero, 0(a1)\n"
#define flw(b)  ".option norvc\n" b "flw fa0, 0(a1)\n"
#define fld(b)  ".option norvc\n" b "fld fa0, 0(a1)\n"
#define sh(b)   ".option norvc\n" b "sh a0, 0(a1)\n"
#define sw(b)   ".option norvc\n" b "sw a0, 0(a1)\n"
#define sd(b)   ".option norvc\n" b "sd a0, 0(a1)\n"
#define sdx0(b) ".option norvc\n" b "sd zero, 0(a1)\n"
#define fsw(b)  ".option norvc\n" b "fsw fa0, 0(a1)\n"
#define fsd(b)  ".option norvc\n" b "fsd fa0, 0(a1)\n"
#define far(b)  ".option norvc\naddi a1, a1, 2000\n" b "ld a0, -2000(a1)\n"
#define c_lw(b)  b "c.lw a0, 0(a1)\n"
#define c_ld(b)  b "c.ld a0, 0(a1)\n"
#define c_fld(b) b "c.fld fa0, 0(a1)\n"
#define c_sw(b)  b "c.sw a0, 0(a1)\n"
#define c_sd(b)  b "c.sd a0, 0(a1)\n"
#define c_fsd(b) b "c.fsd fa0, 0(a1)\n"
#define on_stack(b, text) "mv t0, sp\naddi sp, a1, -40\n" b text "mv sp, t0\n"
#define c_lwsp(b)  on_stack(b, "c.lwsp a0, 40(sp)\n")
#define c_ldsp(b)  on_stack(b, "c.ldsp a0, 40(sp)\n")
#define c_fldsp(b) on_stack(b, "c.fldsp fa0, 40(sp)\n")
#define c_swsp(b)  on_stack(b, "c.swsp a0, 40(sp)\n")
#define c_sdsp(b)  on_stack(b, "c.sdsp a0, 40(sp)\n")
#define c_fsdsp(b) on_stack(b, "c.fsdsp fa0, 40(sp)\n")

#define EACH(do)                                                               \
	do(lh) do(lhu) do(lw) do(lwu) do(ld) do(ldx0) do(flw) do(fld) do(sh)   \
	do(sw) do(sd) do(sdx0) do(fsw) do(fsd) do(far) do(c_lw) do(c_ld)       \
	do(c_fld) do(c_sw) do(c_sd) do(c_fsd) do(c_lwsp) do(c_ldsp)            \
	do(c_fldsp) do(c_swsp) do(c_sdsp) do(c_fsdsp)
#define TWO(name)  KIND(name, name)
#define ROW(name)  { { #name, name##_hart }, { #name, name##_kernel } },

EACH(TWO)

static const struct kind kinds[][2] = { EACH(ROW) };

#define KINDS (sizeof kinds / sizeof kinds[0])

// Two pages that nobody has touched, after which there is nothing.
static uint8_t *fresh(void)
{
	uint8_t *pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
	                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(pages + 2 * PAGE, PAGE);
	return pages;
}

// What the kind leaves behind, as one number.
static uint64_t outcome(const struct kind *kind, size_t at, int touched)
{
	uint8_t *pages = fresh();
	uint64_t sum;

	for (size_t i = 0; touched && i < 2 * PAGE; i++)
		pages[i] = i * 37 + 129;
	sum = kind->act(pages + at, 0x81c3a5e7f9b2d486);
	for (size_t i = 0; i < 2 * PAGE; i++)
		sum = sum * 31 + pages[i];
	munmap(pages, 2 * PAGE);
	return sum;
}

static int differs(const struct kind pair[2])
{
	static const size_t places[] = { 64, 65, 66, 67, 69, 71, PAGE - 1,
	                                 PAGE - 2, PAGE - 3, PAGE - 7 };
	int differences = 0;

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		for (int touched = 0; touched < 2; touched++)
			differences += outcome(&pair[0], places[i], touched) !=
			               outcome(&pair[1], places[i], touched);
	if (differences)
		printf("%s differs %d times\n", pair[0].name, differences);
	return differences != 0;
}

static void over_the_edge(const struct kind *kind)
{
	int status;

	fflush(stdout);
	if (fork() == 0) {
		kind->act(fresh() + 2 * PAGE - 1, 0);
		_exit(0);
	}
	wait(&status);
	printf("%s over the edge: killed by signal %d\n", kind->name,
	       WTERMSIG(status));
}

static uint64_t rdtime(void)
{
	uint64_t now;

	asm volatile("rdtime %0" : "=r"(now));
	return now;
}

int main(int argc, char **argv)
{
	uint64_t before = rdtime();
	int different = 0;

	usleep(1000);
	printf("time went on %d\n", rdtime() > before);
	if (argc > 1 && strcmp(argv[1], "time") == 0)
		return 0;
	for (size_t i = 0; i < KINDS; i++)
		different += differs(kinds[i]);
	printf("%d kinds, %d of them differ\n", (int)KINDS, different);
	for (int i = 0; i < 2; i++) {
		over_the_edge(&kinds[4][i]);
		over_the_edge(&kinds[10][i]);
	}
	return different != 0;
}
