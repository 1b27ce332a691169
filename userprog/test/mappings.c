// mmap, munmap, mprotect, madvise on memory without a file.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L

static int sum(const char *at, long n)
{
	int total = 0;

	while (n-- > 0)
		total += *at++;
	return total;
}

// How a child fares that reads or writes there: 0 or the signal.
static int touch(volatile char *at, int write)
{
	int status;

	fflush(stdout);
	if (fork() == 0) {
		if (write)
			*at = 1;
		else
			(void)*at;
		_exit(0);
	}
	wait(&status);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static char *map(long size, int prot)
{
	return mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void fails(const char *what, int failed)
{
	printf("%s: %s\n", what, failed ? strerror(errno) : "granted");
}

static void holes(void)
{
	char *at = map(8 * PAGE, PROT_READ | PROT_WRITE);

	memset(at, 1, 8 * PAGE);
	munmap(at + 3 * PAGE, 2 * PAGE);
	printf("hole %d %d %d %d\n", touch(at + 3 * PAGE - 1, 1),
	       touch(at + 3 * PAGE, 1), touch(at + 5 * PAGE - 1, 0),
	       touch(at + 5 * PAGE, 0));
	char *again = mmap(at + 3 * PAGE, PAGE, PROT_READ | PROT_WRITE,
	                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	printf("fixed %d zero %d rest %d\n", again == at + 3 * PAGE,
	       sum(again, PAGE), sum(at, 3 * PAGE));
	munmap(at, 8 * PAGE);
	printf("gone %d %d\n", touch(at, 0), touch(at + 7 * PAGE, 0));
}

static void protection(void)
{
	char *at = map(4 * PAGE, PROT_READ | PROT_WRITE);

	memset(at, 7, 4 * PAGE);
	mprotect(at + PAGE, PAGE, PROT_READ);
	mprotect(at + 2 * PAGE, PAGE, PROT_NONE);
	printf("read only %d %d none %d %d next %d\n", touch(at + PAGE, 0),
	       touch(at + PAGE, 1), touch(at + 2 * PAGE, 0),
	       touch(at + 2 * PAGE, 1), touch(at + 3 * PAGE, 1));
	mprotect(at, 4 * PAGE, PROT_READ | PROT_WRITE);
	printf("back %d kept %d\n", touch(at + 2 * PAGE, 1),
	       sum(at, 4 * PAGE) == 7 * 4 * PAGE);
	madvise(at + PAGE, PAGE, MADV_DONTNEED);
	printf("dropped %d\n", sum(at, 4 * PAGE) == 7 * 3 * PAGE);
	munmap(at, 4 * PAGE);
}

// Code that was written as data runs once it may.
static void execution(void)
{
	static const unsigned code[] = { 0x02a00513, 0x00008067 };
	char *at = map(PAGE, PROT_READ | PROT_WRITE);
	int (*function)(void) = (int (*)(void))at;
	int status;

	memcpy(at, code, sizeof code); // li a0, 42; ret
	fflush(stdout);
	if (fork() == 0)
		_exit(function());
	wait(&status);
	printf("as data: signal %d\n", WTERMSIG(status));
	mprotect(at, PAGE, PROT_READ | PROT_EXEC);
	__builtin___clear_cache(at, at + 8);
	printf("as code: %d\n", function());
}

static void large(void)
{
	// Far more than the machine has: only what is touched counts.
	const long step = 1L << 26;
	char *at = mmap(NULL, 64 * step, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	printf("large %d\n", at != MAP_FAILED);
	if (at == MAP_FAILED)
		return;
	for (long i = 0; i < 64; i++)
		at[i * step] = i;
	printf("sparse %d %d\n", at[63 * step], at[63 * step + 1]);
	munmap(at, 64 * step);
}

int main(void)
{
	char *at = map(3 * PAGE, PROT_READ | PROT_WRITE);

	printf("aligned %d zero %d\n", (long)at % PAGE == 0, sum(at, 3 * PAGE));
	fails("size 0", map(0, PROT_READ) == MAP_FAILED);
	fails("unaligned munmap", munmap(at + 1, PAGE) < 0);
	fails("unaligned mprotect", mprotect(at + 1, PAGE, 1) < 0);
	fails("nothing there", mprotect((void *)0x10000000, PAGE, 1) < 0);
	fails("no kind",
	      mmap(NULL, PAGE, 1, MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	fails("no file", mmap(NULL, PAGE, 1, MAP_PRIVATE, 77, 0) == MAP_FAILED);
	holes();
	protection();
	execution();
	large();
	return 0;
}
