// The pages of a file in memory, found by their number: a tree of frames that
// grows in height with the file.  A file of one page is that page.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "memory/page.h"

#define PAGES_FANOUT 512 // pointers in a frame
#define PAGES_LEVELS 3 // so the largest file has 2^27 pages
#define PAGES_LIMIT (1ul << 27)

struct pages {
	void *root; // NULL: no pages at all
	unsigned height; // 0: the root is page 0 itself
};

// Frames in all trees, and in what is on its way to be freed.
extern size_t pages_frames;

// The place of the page's frame; NULL if the tree does not reach so far.
void **pages_slot(struct pages *pages, uint64_t index);

// The same, made if need be; NULL when out of memory.
void **pages_make(struct pages *pages, uint64_t index);

// Puts a frame, with its reference, in an empty place.
void pages_put(struct pages *pages, void **slot, void *frame);

// How many pages there are.
size_t pages_count(const struct pages *pages);

// Takes out all pages from number `from` on.  Most are freed by a kernel task,
// a piece at a time.
void pages_cut(struct pages *pages, uint64_t from);

// Frees a piece of what was cut off; false: there is nothing.
bool pages_reap(void);
