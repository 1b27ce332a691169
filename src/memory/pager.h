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

// Takes the page, which lies in `frame` and is clean, out of the address spaces
// that have not used it since they were asked last, or out of all.  A hart's
// accessed bit says so: clear, it is set by the next use, or, on harts that
// trap instead, by the fault.  (Privileged Architecture 1.12, section 4.3.1.)
// Not between prepare and commit of a call: it may count on the page.
// How many areas were looked at: of a page that more than 1,024 map, the rest
// keep it.
int pager_evict(struct pager *pager, uint64_t index, const void *frame,
                bool used_too);
