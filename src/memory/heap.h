// The kernel heap: objects of up to 2 KiB in slabs of one frame each, larger
// ones in blocks of the page allocator.  Everything is 16-byte aligned.
#pragma once
#include <stddef.h>

void *kmalloc(size_t size); // NULL when out; contents undefined
void *kzalloc(size_t size); // the same, zeroed
void kfree(void *object);   // NULL is fine; anything but an object panics

// Bytes in use, as rounded up to their classes.
size_t heap_used(void);

// Gives the empty slabs that are kept at hand back to the page allocator.
void heap_trim(void);
size_t heap_spare(void); // how many there are
