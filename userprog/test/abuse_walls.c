// Everything that a process must not do, each in a child of its own: what kills
// it is printed, and the next one runs.
//	abuse_walls [SCENARIO...]
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <tool.h>
#include <unistd.h>

TOOL("abuse_walls", "abuse_walls [SCENARIO...]");

static void store(unsigned long address)
{
	*(volatile unsigned long *)address = 0x6666;
}

static void load(unsigned long address)
{
	(void)*(volatile unsigned long *)address;
}

// Through a register, so that the compiler has no opinion.
static void jump(unsigned long address)
{
	__asm__ volatile("jalr %0" : : "r"(address) : "ra", "memory");
}

static void store_kernel(void)
{
	store(0x80000000);
}

static void load_kernel(void)
{
	load(0x80000000);
}

static void store_clint(void)
{
	store(0x2000000);
}

static void store_uart(void)
{
	store(0x10000000);
}

static void store_power(void)
{
	store(0x100000);
}

static void store_null(void)
{
	store(0);
}

static void store_text(void)
{
	store((unsigned long)store_text & -8UL);
}

static void store_constant(void)
{
	store((unsigned long)tool_usage & -8UL);
}

static void store_high(void)
{
	store(0xffffffff80000000);
}

static void store_hole(void)
{
	store(0x0000004000000000);
}

static void jump_null(void)
{
	jump(0);
}

static void jump_odd(void)
{
	jump(0x5);
}

static void jump_kernel(void)
{
	jump(0x80000000);
}

static void jump_stack(void)
{
	unsigned code[2] = { 0x00008067, 0x00008067 }; // ret

	jump((unsigned long)code);
	store(0);
}

static void jump_data(void)
{
	static unsigned code[2] = { 0x00008067, 0x00008067 };

	jump((unsigned long)code);
	store(0);
}

static void illegal(void)
{
	__asm__ volatile(".4byte 0xffffffff");
}

static void illegal_short(void)
{
	__asm__ volatile(".2byte 0");
}

static void read_csr(void)
{
	__asm__ volatile("csrr t0, mstatus" : : : "t0");
}

static void write_csr(void)
{
	__asm__ volatile("csrw mtvec, zero");
}

static void write_satp(void)
{
	__asm__ volatile("csrw satp, zero");
}

static void return_machine(void)
{
	__asm__ volatile("mret");
}

static void return_supervisor(void)
{
	__asm__ volatile("sret");
}

static void wait_interrupt(void)
{
	__asm__ volatile("wfi");
	__asm__ volatile(".4byte 0"); // where it is allowed, this is next
}

static void flush_tables(void)
{
	__asm__ volatile("sfence.vma");
}

static void breakpoint(void)
{
	__asm__ volatile("ebreak");
}

static unsigned long stack_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_STACK, &limit);
	return limit.rlim_cur;
}

static volatile int depth;

// The lowest byte of an array that is larger than the stack may become.
static void stack_array(void)
{
	unsigned long size = stack_limit() + (1 << 18);
	volatile char array[size];

	array[0] = 1;
	depth = array[0];
}

static int recurse(int n)
{
	volatile char frame[256];

	frame[0] = n;
	depth = n;
	return n < 0 ? n : recurse(n + 1) + frame[0];
}

static void recursion(void)
{
	recurse(0);
}

// Below the guard even a store with a wild stack pointer finds nothing.
static void wild_stack(void)
{
	__asm__ volatile("li sp, 0x80001000; sd zero, 0(sp)" : : : "memory");
}

static void unaligned_atomic(void)
{
	static char place[16];

	__asm__ volatile("amoadd.d t0, zero, (%0)"
	                 :
	                 : "r"(place + 3)
	                 : "t0", "memory");
	store(0); // boards differ: some hardware can do it
}

static const struct scenario {
	const char *name;
	void (*run)(void);
} scenarios[] = {
	{ "store_kernel", store_kernel },
	{ "load_kernel", load_kernel },
	{ "store_clint", store_clint },
	{ "store_uart", store_uart },
	{ "store_power", store_power },
	{ "store_null", store_null },
	{ "store_text", store_text },
	{ "store_constant", store_constant },
	{ "store_high", store_high },
	{ "store_hole", store_hole },
	{ "jump_null", jump_null },
	{ "jump_odd", jump_odd },
	{ "jump_kernel", jump_kernel },
	{ "jump_stack", jump_stack },
	{ "jump_data", jump_data },
	{ "illegal", illegal },
	{ "illegal_short", illegal_short },
	{ "read_csr", read_csr },
	{ "write_csr", write_csr },
	{ "write_satp", write_satp },
	{ "return_machine", return_machine },
	{ "return_supervisor", return_supervisor },
	{ "wait_interrupt", wait_interrupt },
	{ "flush_tables", flush_tables },
	{ "breakpoint", breakpoint },
	{ "stack_array", stack_array },
	{ "recursion", recursion },
	{ "wild_stack", wild_stack },
	{ "unaligned_atomic", unaligned_atomic },
};
#define SCENARIOS (sizeof scenarios / sizeof scenarios[0])

static bool wanted(const char *name, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

// True if it was killed, as it should be.
static bool try(const struct scenario *s)
{
	int status = 0;
	pid_t pid;

	flush();
	pid = vfork();
	if (pid == 0) {
		s->run();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		complain(s->name);
		return false;
	}
	if (WIFSIGNALED(status))
		print("%s: killed by SIG%s\n", s->name,
		      signal_name(WTERMSIG(status)));
	else
		print("%s: survived\n", s->name);
	return WIFSIGNALED(status);
}

int main(int argc, char **argv)
{
	struct rlimit no_core = { 0, 0 };
	int tried = 0, killed = 0;

	(void)argc;
	setrlimit(4, &no_core); // the oracle's host would write them
	for (unsigned i = 0; i < SCENARIOS; i++)
		if (wanted(scenarios[i].name, argv + 1)) {
			tried++;
			killed += try(&scenarios[i]);
		}
	print("%d of %d killed\n", killed, tried);
	return done(killed != tried || tried == 0);
}
