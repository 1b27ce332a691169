// The heap's end, and mappings.
#include "linux.h"
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

// The kernel answers with the new end, or with the old one when it must refuse.
int brk(void *end)
{
	if ((void *)CALL1(SYS_brk, end) == end)
		return 0;
	errno = ENOMEM;
	return -1;
}

// malloc() is the only caller that counts, and it asks in small steps; the end
// is remembered so that each costs one call.
void *_sbrk(ptrdiff_t step)
{
	static char *end;
	char *old;

	if (!end)
		end = (char *)CALL1(SYS_brk, 0);
	old = end;
	if (step != 0 && brk(old + step) < 0)
		return (void *)-1;
	end = old + step;
	return old;
}
PUBLIC_NAME(sbrk);

void *mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	return (void *)linux_result(
		raw_syscall(SYS_mmap, at, size, prot, flags, fd, offset));
}

int munmap(void *at, size_t size)
{
	return linux_result(CALL2(SYS_munmap, at, size));
}

int mprotect(void *at, size_t size, int prot)
{
	return linux_result(CALL3(SYS_mprotect, at, size, prot));
}

int msync(void *at, size_t size, int flags)
{
	return linux_result(CALL3(SYS_msync, at, size, flags));
}

// The new address counts with MREMAP_FIXED only.
void *mremap(void *at, size_t size, size_t wanted, int flags, ...)
{
	va_list more;
	void *to;

	va_start(more, flags);
	to = flags & MREMAP_FIXED ? va_arg(more, void *) : NULL;
	va_end(more);
	return (void *)linux_result(
		raw_syscall(SYS_mremap, at, size, wanted, flags, to, 0));
}

int madvise(void *at, size_t size, int advice)
{
	return linux_result(CALL3(SYS_madvise, at, size, advice));
}
