// The heap's end, and mappings.
#include "linux.h"
#include <errno.h>
#include <stdarg.h>
#include <string.h>
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

// Without an MMU the heap's end may meet somebody else's memory: then more of
// it lies elsewhere, in pieces that malloc() takes as well.  At least as large
// as all before, for they are few.
static char *piece, *piece_end;
static size_t pieces = 64 << 10;

static void *sbrk_elsewhere(size_t step)
{
	size_t size = ((step > pieces ? step : pieces) + 4095) & -4096UL;
	char *new = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (new == MAP_FAILED)
		return new;
	piece = new + step;
	piece_end = new + size;
	pieces += size;
	return new;
}

// malloc() is the only caller that counts, and it asks in small steps; the end
// is remembered so that each costs one call.
void *_sbrk(ptrdiff_t step)
{
	static char *end;
	char *old;

	if (!end)
		end = (char *)CALL1(SYS_brk, 0);
	old = piece ? piece : end;
	if (piece && step < 0) // what is given back is zero the next time
		memset(piece + step, 0, -step);
	if (piece && step <= piece_end - piece)
		return piece += step, old;
	if (!piece && (step == 0 || brk(end + step) == 0))
		return end += step, old;
	return sbrk_elsewhere(step);
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
