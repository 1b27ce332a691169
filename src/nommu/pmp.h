// Physical memory protection where it is all the walls there are: entry 0 is
// the page under the hart's stack, the others are those of the program that
// runs.  What no entry names user mode cannot reach, and so not the kernel.
//
// The kernel's text is not locked: a locked entry binds machine mode, but gives
// its rights to user mode as well.  (Privileged Architecture 1.12, section
// 3.7.1; only Smepmp's mseccfg.MML would tell the two apart.)
#pragma once
#include "machine/pmp.h"
#include "machine/walls.h"

// A plan without regions: how many entries it may have, and the hart's grain,
// found out by trying.  Panics if that is not enough for any program.
struct walls pmp_plan(void);

// The hart goes by this plan from now on; NULL: user mode reaches nothing.
void pmp_load(const struct walls *walls);
