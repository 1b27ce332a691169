// The kernel heap.  A slab is one frame cut into objects of one size; its
// struct page counts them and holds the list of the free ones, so that a slab
// has no header and two objects of 2 KiB fit one frame.
#include "memory/heap.h"
#include "lib/string.h"
#include "machine/lock.h"
#include "machine/panic.h"
#include "memory/page.h"

#define LARGEST   (PAGE_SIZE / 2) // larger objects are blocks of pages
#define NO_OBJECT 1    // ends the list of free objects: none lies there

// A free object: where in its slab the next one is, and a mark that shows a
// second free.  The mark alone proves nothing, for the owner of an object may
// write what he likes.
struct free_object {
	uint64_t next;
	uint64_t mark;
};

#define FREE_MARK 0x46524545f4ee0b1eul

// Sizes of which whole numbers fill a frame well: three of 1,360 are 4,080, and
// a process with its trap frame is just below that.  Where frames are smaller,
// what would be less than two in one is never asked for.
struct size_class {
	struct list slabs;  // those with free objects; the empty one is last
	struct page *empty; // kept, so that one object to and fro costs little
	unsigned size, capacity;
};

#define CLASS(i, bytes) \
	[i] = { LIST_INIT(classes[i].slabs), NULL, bytes, PAGE_SIZE / (bytes) }

static struct size_class classes[] = {
	CLASS(0, 16),    CLASS(1, 32),    CLASS(2, 48),   CLASS(3, 64),
	CLASS(4, 96),    CLASS(5, 128),   CLASS(6, 192),  CLASS(7, 256),
	CLASS(8, 384),   CLASS(9, 512),   CLASS(10, 768), CLASS(11, 1024),
	CLASS(12, 1360), CLASS(13, 2048),
};

// By size in units of 16 bytes, rounded up.
static const uint8_t class_of[2048 / 16 + 1] = {
	[0 ... 1] = 0,    [2] = 1,           [3] = 2,          [4] = 3,
	[5 ... 6] = 4,    [7 ... 8] = 5,     [9 ... 12] = 6,   [13 ... 16] = 7,
	[17 ... 24] = 8,  [25 ... 32] = 9,   [33 ... 48] = 10, [49 ... 64] = 11,
	[65 ... 85] = 12, [86 ... 128] = 13,
};

static size_t used; // bytes

size_t heap_used(void)
{
	return used;
}

// Whole pages, for they need no header: struct page knows the size.
static __attribute__((noinline)) void *large_alloc(size_t size)
{
	unsigned order = 0;
	void *block;

	while (order <= PAGE_MAX_ORDER && PAGE_SIZE << order < size)
		order++;
	block = page_alloc(order);
	if (block) {
		page_of(block)->kind = PAGE_HEAP;
		used += PAGE_SIZE << order;
	}
	return block;
}

static bool new_slab(struct size_class *class)
{
	void *frame = page_alloc(0);

	if (!frame)
		return false;

	struct page *slab = page_of(frame);

	slab->kind = PAGE_SLAB;
	slab->slab_class = class - classes;
	slab->slab_used = slab->slab_fresh = 0;
	slab->slab_free = NO_OBJECT;
	list_add_head(&class->slabs, &slab->node);
	return true;
}

// Freed objects first; then those of the slab that were never used, which were
// not put on the list when it was made: that would be one long pass.
static void *take_object(struct page *slab, unsigned size)
{
	char *frame = page_address(slab);
	unsigned at = slab->slab_free;

	if (at == NO_OBJECT) {
		at = slab->slab_fresh;
		slab->slab_fresh += size;
	} else {
		struct free_object *object = (void *)(frame + at);

		slab->slab_free = object->next;
		object->mark = 0; // or each free of it would look twice
	}
	return frame + at;
}

// From the first slab of the class that has one.
static inline void *small_alloc(struct size_class *class)
{
	struct page *slab = container_of(class->slabs.next, struct page, node);

	if (slab == class->empty)
		class->empty = NULL;
	// Full slabs are on no list: their objects lead back to them.
	if (++slab->slab_used == class->capacity)
		list_remove(&slab->node);
	used += class->size;
	return take_object(slab, class->size);
}

// The ways that are taken seldom.
static __attribute__((noinline)) void *slow_alloc(struct size_class *class)
{
	if (alloc_fails())
		return NULL;
	if (list_empty(&class->slabs) && !new_slab(class))
		return NULL;
	return small_alloc(class);
}

void *kmalloc(size_t size)
{
	LOCK_HELD();
	if (size > LARGEST)
		return large_alloc(size);

	struct size_class *class = &classes[class_of[(size + 15) / 16]];

	if (list_empty(&class->slabs) || page_fail_after)
		return slow_alloc(class);
	return small_alloc(class);
}

void *kzalloc(size_t size)
{
	void *object = kmalloc(size);

	if (object)
		memset(object, 0, size);
	return object;
}

static void release(struct page *slab)
{
	list_remove(&slab->node);
	page_put(page_address(slab));
}

#define CLASSES (sizeof(classes) / sizeof(classes[0]))

size_t heap_spare(void)
{
	size_t count = 0;

	for (size_t i = 0; i < CLASSES; i++)
		count += classes[i].empty != NULL;
	return count;
}

// For tests that count pages, and for when memory is short.
void heap_trim(void)
{
	for (size_t i = 0; i < CLASSES; i++) {
		if (classes[i].empty)
			release(classes[i].empty);
		classes[i].empty = NULL;
	}
}

// Walks the list, which may be long; but only for one that bears the mark.
static bool is_free(struct page *slab, const struct free_object *object)
{
	char *frame = page_address(slab);
	unsigned at = slab->slab_free;

	while (at != NO_OBJECT && (void *)(frame + at) != object)
		at = ((struct free_object *)(frame + at))->next;
	return at != NO_OBJECT;
}

// What does not lie where kmalloc() gives objects out is a bug of the caller.
static __attribute__((noinline, noreturn)) void bad_object(const void *object,
                                                           const char *why,
                                                           const void *caller)
{
	panic("kfree: %p %s, says %p", object, why, caller);
}

static __attribute__((noinline)) void large_free(struct page *page, void *block,
                                                 const void *caller)
{
	if (!page || page->kind != PAGE_HEAP || page_address(page) != block)
		bad_object(block, "is not of the heap", caller);
	used -= PAGE_SIZE << page->order;
	page_put(block);
}

// One empty slab per class is kept, at the end of the list: it is used last.
static __attribute__((noinline)) void slab_is_empty(struct size_class *class,
                                                    struct page *slab)
{
	if (class->empty) {
		release(slab);
	} else {
		class->empty = slab;
		list_remove(&slab->node);
		list_add_tail(&class->slabs, &slab->node);
	}
}

// Puts an object on its slab's list, after a look at what may be wrong.
static inline void give_object(struct page *slab, unsigned size,
                               struct free_object *object, const void *caller)
{
	unsigned at = (uintptr_t)object & PAGE_MASK;

	// In a slab, but between objects, or in what was never handed out.
	if (at % size || at >= slab->slab_fresh)
		bad_object(object, "is not the start of an object", caller);
	if (object->mark == FREE_MARK && is_free(slab, object))
		bad_object(object, "was freed before", caller);
	if (DEBUG)
		memset(object, 0xa5, size); // before the links go in
	object->next = slab->slab_free;
	object->mark = FREE_MARK;
	slab->slab_free = at;
}

void kfree(void *object)
{
	struct page *slab = page_of(object);
	const void *caller = __builtin_return_address(0);

	LOCK_HELD();
	if (!object)
		return;
	if (!slab || slab->kind != PAGE_SLAB) {
		large_free(slab, object, caller);
		return;
	}

	struct size_class *class = &classes[slab->slab_class];

	give_object(slab, class->size, object, caller);
	used -= class->size;
	if (slab->slab_used-- == class->capacity)
		list_add_head(&class->slabs, &slab->node);
	if (slab->slab_used == 0)
		slab_is_empty(class, slab);
}
