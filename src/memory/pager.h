// From a pager back to the page tables that have its pages: what floors with
// files call when a page is written to a disk, or goes.  Only for pagers that
// change, and in the pass in which they do.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include "memory/area.h"

// Nobody stores to the page any more without pager_ops.store(): its contents
// are on their way to a disk, or may get longer.  Looks at PAGER_SHARED areas
// at most.
void pager_protect(struct pager *pager, uint64_t index);

// Takes the pages from `index` on out of all address spaces, copies of them
// included; those that are touched later are asked for anew.  As many as one
// pass through the kernel may take: whether there may be more.
bool pager_unmap(struct pager *pager, uint64_t index);
