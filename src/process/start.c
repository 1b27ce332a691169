#include "process/start.h"
#include "lib/string.h"
#include "machine/panic.h"
#include "memory/heap.h"
#include "memory/room.h"
#include "memory/space.h"

#define SYS_EXECVE 221

// Two system calls: execve(path, argv, envp); exit(what it answered).
static const uint32_t start_code[] = {
	0x00000073, // ecall
	0x05d00893, // li a7, 93
	0x00000073, // ecall
};

#define ARGUMENTS 7

struct start_page {
	uint32_t code[4];
	uint64_t argv[ARGUMENTS + 1]; // addresses; ends with NULL
	char strings[]; // path first
};

// A command line may be long, so it need not fit one page.
static size_t start_size(const char *path, const char *const arguments[],
                         int count)
{
	size_t size = sizeof(struct start_page) + strlen(path) + 1;

	for (int i = 0; i < count; i++)
		size += strlen(arguments[i]) + 1;
	return size;
}

static char *start_add(char *to, const char *string)
{
	size_t size = strlen(string) + 1;

	memcpy(to, string, size);
	return to + size;
}

static void start_fill(struct start_page *page, uint64_t at, const char *path,
                       const char *const arguments[], int count)
{
	char *end = start_add(page->strings, path);

	memcpy(page->code, start_code, sizeof start_code);
	for (int i = 0; i < count; i++) {
		page->argv[i] = at + (end - (char *)page);
		end = start_add(end, arguments[i]);
	}
}

struct process *start_program(const char *path, const char *const arguments[],
                              int count)
{
	size_t size = start_size(path, arguments, count);
	struct start_page *page = kzalloc(size);
	struct space *space = space_new();
	uint64_t start = space ? room_first(space, size) : 0, at = start;
	struct process *process = process_new("start", start, start);
	struct area area = { .start = start,
		             .end = start + ((size + PAGE_MASK) & ~PAGE_MASK),
		             .access = USER_READ | USER_WRITE };

	if (count > ARGUMENTS)
		panic("too many arguments for the first process");
	if (!page || !start || !process || space_add(space, &area))
		panic("no memory for the first process");
	start_fill(page, start, path, arguments, count);
	if (space_write(space, start, page, size))
		panic("no memory for the page of the first process");
	kfree(page);
	space_protect(space, start, area.end, USER_READ | USER_EXECUTE);
	space_restrict(space, &at, area.end); // one page
	space_enter(process, space);
	process->frame.regs[A0] = start + offsetof(struct start_page, strings);
	process->frame.regs[A1] = start + offsetof(struct start_page, argv);
	process->frame.regs[A7] = SYS_EXECVE;
	return process;
}
