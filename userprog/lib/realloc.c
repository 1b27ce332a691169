// realloc(), in the place of newlib's: that of its small allocator copies as
// many bytes as the new piece has, which is more than the old one had, and so
// may read behind the end of the heap.
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void *realloc(void *old, size_t size)
{
	size_t room;
	void *new;

	if (!old)
		return malloc(size);
	if (size == 0) {
		free(old);
		return NULL;
	}
	room = malloc_usable_size(old);
	if (size <= room)
		return old;
	new = malloc(size);
	if (new) {
		memcpy(new, old, room);
		free(old);
	}
	return new;
}

// What else of the library asks for.
void *_realloc_r(struct _reent *reent, void *old, size_t size)
{
	(void)reent;
	return realloc(old, size);
}
