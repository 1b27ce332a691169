#include "process/float.h"
#include "lib/string.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/trap.h"
#include "process/process.h"

// Stored, and switched off, when somebody else is about to run: until then the
// frame's memory is old, and float_store() must come before it is read.
void float_leave(struct hart *hart)
{
	struct trapframe *frame = hart->floating;

	trap_store_floats(frame);
	frame->status &= ~MSTATUS_FS;
	hart->floating = NULL;
}

void float_store(struct trapframe *frame)
{
	if (this_hart()->floating == frame)
		trap_store_floats(frame);
}

void float_forget(struct trapframe *frame, bool clear)
{
	struct hart *hart = frame->float_hart;

	// Both sides forget: the memory of a frame is used again, and a hart
	// that still named it would take the new one's floats for its own.
	if (hart && hart->floats == frame)
		hart->floats = NULL;
	if (hart && hart->floating == frame)
		hart->floating = NULL;
	frame->float_hart = NULL;
	frame->status &= ~MSTATUS_FS;
	if (clear) {
		memset(frame->fregs, 0, sizeof frame->fregs);
		frame->fcsr = 0;
	}
}

void float_adopt(struct trapframe *frame)
{
	struct hart *hart = this_hart();

	// A hart's registers hold a frame's floats only if both say so; that
	// of a frame that was here before must not seem to.
	if (hart->floats == frame)
		hart->floats = NULL;
	frame->float_hart = hart;
}

// Floats are off and an instruction was illegal: if it was one of theirs, it
// will succeed the next time; if not, it traps again, with floats on.
static struct trapframe *float_first_use(struct trapframe *frame, unsigned long cause)
{
	struct hart *hart = this_hart();

	if ((frame->status & MSTATUS_FS) || !(csr_read(misa) & MISA('F')))
		return process_fault(frame, cause);
	csr_set(mstatus, MSTATUS_FS_INITIAL);
	if (hart->floats != frame || frame->float_hart != hart)
		trap_load_floats(frame);
	hart->floats = hart->floating = frame;
	frame->float_hart = hart;
	frame->status |= MSTATUS_FS_DIRTY;
	return frame;
}

// What is no instruction of theirs goes on to where all faults go.
void float_init(void)
{
	trap_on_exception(CAUSE_ILLEGAL, float_first_use);
}
