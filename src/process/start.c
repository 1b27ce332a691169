#include "process/start.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/panic.h"
#include "memory/space.h"

#define START 0x1100000ul        // as our programs are linked
#define SYS_EXECVE 221

// Two system calls: execve(path, argv, envp); exit(what it answered).
static const uint32_t start_code[] = {
	0x00000073,              // ecall
	0x05d00893,              // li a7, 93
	0x00000073,              // ecall
};

struct start_page {
	uint32_t code[4];
	uint64_t argv[8];        // addresses; ends with NULL
	char strings[3000];      // path first
};

static void start_fill(struct start_page *page, const char *path, const char *const arguments[], int count)
{
	size_t used = 0, room = sizeof page->strings;

	memcpy(page->code, start_code, sizeof start_code);
	used += format(page->strings, room, "%s", path) + 1;
	for (int i = 0; i < count && i < 7; i++) {
		page->argv[i] = START + used +
		                offsetof(struct start_page, strings);
		used += format(page->strings + used, room - used, "%s",
		               arguments[i]) + 1;
		if (used > room)
			panic("the first process has too long arguments");
	}
}

struct process *start_program(const char *path, const char *const arguments[], int count)
{
	struct area area = { .start = START, .end = START + PAGE_SIZE,
		             .access = USER_READ | USER_WRITE };
	struct start_page *page = page_alloc_zeroed();
	struct space *space = space_new();
	struct process *process = process_new("start", START, START);

	if (!page || !space || !process || space_add(space, &area))
		panic("no memory for the first process");
	start_fill(page, path, arguments, count);
	if (space_write(space, START, page, sizeof *page))
		panic("no memory for the page of the first process");
	page_put(page);
	space_protect(space, START, START + PAGE_SIZE,
	              USER_READ | USER_EXECUTE);
	space_enter(process, space);
	process->frame.regs[A0] = START + offsetof(struct start_page, strings);
	process->frame.regs[A1] = START + offsetof(struct start_page, argv);
	process->frame.regs[A7] = SYS_EXECVE;
	return process;
}
