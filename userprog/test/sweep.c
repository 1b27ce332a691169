// Without an MMU all addresses mean something.  Goes over the whole memory of
// the machine, page by page, and over its devices: what is not in our own
// /proc/self/maps must be out of reach, for loads, stores, jumps and for the
// kernel on our behalf.
//	sweep [MiB]
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <tool.h>
#include <unistd.h>

TOOL("sweep", "sweep [MiB]");

#define RAM 0x80000000UL
#define PAGE 4096

enum { READ = 1, WRITE = 2, EXECUTE = 4 };

static struct own {
	unsigned long start, end;
	int rights;
} own[32];
static int own_count;

static sigjmp_buf place;

static void caught(int signal)
{
	(void)signal;
	siglongjmp(place, 1);
}

static bool read_maps(void)
{
	static char text[4096];

	if (read_file("/proc/self/maps", text, sizeof text) < 0)
		return false;
	for (char *at = text; *at && own_count < 32;) {
		struct own *o = &own[own_count++];

		o->start = strtoul(at, &at, 16);
		o->end = strtoul(at + 1, &at, 16);
		o->rights = (at[1] == 'r' ? READ : 0) |
		            (at[2] == 'w' ? WRITE : 0) |
		            (at[3] == 'x' ? EXECUTE : 0);
		at = strchr(at, '\n') + 1;
	}
	return true;
}

static int rights_at(unsigned long address)
{
	for (int i = 0; i < own_count; i++)
		if (own[i].start <= address && address < own[i].end)
			return own[i].rights;
	return 0;
}

static void load(unsigned long address)
{
	(void)*(volatile unsigned char *)address;
}

static void store(unsigned long address)
{
	*(volatile unsigned char *)address = 0x66;
}

static void jump(unsigned long address)
{
	__asm__ volatile("jalr %0" : : "r"(address) : "ra", "memory");
}

static bool faults(void (*touch)(unsigned long), unsigned long address)
{
	if (sigsetjmp(place, 0))
		return true;
	touch(address);
	return false;
}

static int bad, pages;

static void expect(const char *what, unsigned long address, bool right)
{
	if (right)
		return;
	print("BAD: %s %lx\n", what, address);
	bad++;
}

// What the kernel stores for us, and what it reads.
static void ask_kernel(unsigned long address, int rights)
{
	bool writes = getrandom((void *)address, 8, 0) == 8 || errno != EFAULT;
	bool reads = access((char *)address, F_OK) == 0 || errno != EFAULT;

	expect("the kernel writes", address, writes == !!(rights & WRITE));
	expect("the kernel reads", address, reads == !!(rights & READ));
}

// What is ours and may be written is in use: there it is enough to look.
static void visit(unsigned long address)
{
	int rights = rights_at(address);

	pages++;
	expect("load", address, faults(load, address) == !(rights & READ));
	if (!(rights & WRITE)) {
		expect("store", address, faults(store, address));
		ask_kernel(address, rights);
	}
	if (!(rights & EXECUTE))
		expect("jump", address, faults(jump, address));
}

int main(int argc, char **argv)
{
	static const unsigned long devices[] = {
		0,          0x1000,     0x100000,   0x2000000,  0x200bff8,
		0xc000000,  0xc200000,  0x10000000, 0x10001000, 0x10008000,
		0x30000000, 0x7ffff000,
	};
	struct sigaction action = { .sa_handler = caught,
		                    .sa_flags = SA_NODEFER };
	long size = (argc > 1 ? need_number(argv[1]) : 128) << 20;

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	if (!read_maps())
		return complain("/proc/self/maps");
	for (unsigned i = 0; i < sizeof devices / sizeof devices[0]; i++)
		visit(devices[i]);
	for (long at = 0; at < size; at += PAGE)
		visit(RAM + at + (at / PAGE * 8) % PAGE);
	print("%d pages, %d bad\n", pages, bad);
	return done(bad != 0);
}
