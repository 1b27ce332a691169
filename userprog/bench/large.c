// A large range of memory, and many processes at once: what takes the kernel
// several passes.  The figures are instructions for a page, or a process.
#include "bench.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <tool.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES 16384l
#define SIZE (PAGES * PAGE)

static char *large;

static bool make(void)
{
	large = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (large == MAP_FAILED)
		return false;
	for (long at = 0; at < SIZE; at += PAGE)
		large[at] = 1;
	return true;
}

static bool protect(void)
{
	return mprotect(large, SIZE, PROT_READ) == 0;
}

static bool unmap(void)
{
	return munmap(large, SIZE) == 0;
}

// A child with as much, shared: it ends, or becomes another program.
static bool child(bool ends)
{
	static char *const argv[] = { "true", NULL };
	int status = -1;
	pid_t pid = fork();

	if (pid == 0 && ends)
		_exit(0);
	if (pid == 0)
		execve("/bin/true", argv, argv + 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static bool fork_end(void)
{
	return child(true);
}

static bool fork_execute(void)
{
	return child(false);
}

static void large_step(const char *key, bool (*step)(void))
{
	unsigned long start = instructions();

	if (step())
		result(key, (instructions() - start) / PAGES);
	else
		trouble(key);
}

void large_range(const char *key)
{
	(void)key;
	large_step("large_touch", make);
	large_step("large_fork_exit", fork_end);
	large_step("large_fork_exec", fork_execute);
	large_step("large_protect", protect);
	large_step("large_unmap", unmap);
}
