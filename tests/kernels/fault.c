// Ways for the kernel itself to fail; the boot argument scene=NAME says which.
#include "common.h"

static volatile int deepest = 1000;
static volatile uintptr_t null = 8;
static const char *volatile rodata = "a string";

// Each level needs all of its array after the call.
static __attribute__((noipa)) int descend(volatile int *above)
{
	volatile int here[64];

	here[0] = above[0] + 1;
	if (here[0] == deepest)
		return 0;
	return descend(here) + here[0];
}

static void null_store(void)
{
	*(volatile int *)null = 1;
}

static void text_store(void)
{
	*(volatile char *)(uintptr_t)panic = 0; // at any address
}

static void rodata_store(void)
{
	*(volatile char *)rodata = 'B';
}

static void run_data(void)
{
	static uint32_t nop_ret[] = { 0x00000013, 0x00008067 };

	((void (*)(void))(uintptr_t)nop_ret)();
	// Data may be executed by the kernel; read-only data may not.
	static const uint32_t constant[] = { 0x00000013, 0x00008067 };

	((void (*)(void))(uintptr_t)constant)();
}

static void overflow(void)
{
	volatile int top[1] = { 0 };

	descend(top);
}

// A leaf of library code: its caller must be told all the same.
static void string_fault(void)
{
	kprintf("%lu\n", strlen((const char *)null));
}

static void words(void)
{
	panic("the answer is %d", 42);
}

static void page_twice(void)
{
	void *page = page_alloc(0);

	page_put(page);
	page_put(page);
}

static void page_wild(void)
{
	page_put((void *)0x10000000);
}

static void page_inside(void)
{
	page_put((char *)page_alloc(2) + PAGE_SIZE);
}

static void heap_twice(void)
{
	void *object = kmalloc(40), *other = kmalloc(40);

	kfree(object);
	kfree(other);
	kfree(object);
}

static void heap_wild(void)
{
	kfree((char *)kmalloc(64) + 16);
}

// Caught in a DEBUG build, when the frame is handed out again.
static void page_after_free(void)
{
	uint64_t *page = page_alloc(0);

	page_put(page);
	page[5] = 1;
	page_alloc(0);
}

// One hart is enough to be without the lock, as long as it is used: what these
// three do, a DEBUG build catches.
static void unlocked(void)
{
	lock_used = true;
	page_alloc(0);
}

static void locked_twice(void)
{
	lock_used = true;
	lock_take();
	lock_take();
}

static void unlocked_twice(void)
{
	lock_used = true;
	lock_take();
	lock_release();
	lock_release();
}

static void unexpected(void)
{
	static struct trapframe frame;

	frame.pc = 2;            // fetch from where there is no memory
	frame.status = MSTATUS_MPP;
	frame.kstack = this_hart();
	trap_return(&frame);
}

static const struct {
	const char *name;
	void (*play)(void);
} scenes[] = {
	{ "null_store", null_store },
	{ "text_store", text_store },
	{ "rodata_store", rodata_store },
	{ "run_data", run_data },
	{ "overflow", overflow },
	{ "string_fault", string_fault },
	{ "words", words },
	{ "page_twice", page_twice },
	{ "page_wild", page_wild },
	{ "page_inside", page_inside },
	{ "heap_twice", heap_twice },
	{ "heap_wild", heap_wild },
	{ "page_after_free", page_after_free },
	{ "unlocked", unlocked },
	{ "locked_twice", locked_twice },
	{ "unlocked_twice", unlocked_twice },
	{ "unexpected", unexpected },
};

void main(unsigned long hartid, uintptr_t fdt)
{
	extern char _end[];
	(void)hartid;

	board_init(fdt);
	trap_init();
	clock_init();
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	pmp_lock_kernel();
	for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
		if (board_arg_is("scene", scenes[i].name))
			scenes[i].play();
	kprintf("nothing happened\n");
	board.poweroff(0);
}
