#include "memory/emulate.h"
#include "lib/errno.h"
#include "machine/board.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/instruction.h"
#include "memory/fault.h"
#include "memory/space.h"
#include "process/counter.h"
#include "process/float.h"
#include "process/wait.h"

#define XLEN 64

static trap_handler next_illegal;
static bool planned;             // emulate=all

// The instruction at pc, half by half: the second may lie on another page.
static int64_t emulate_fetch(struct process *process, uint64_t pc, uint32_t *out)
{
	uint16_t half[2] = { 0, 0 };
	void *at;
	size_t room;

	for (int i = 0; i < 2; i++) {
		int64_t err = user_translate(process, pc + 2 * i, USER_EXECUTE,
		                             &at, &room);

		if (err)
			return err;
		half[i] = *(uint16_t *)at;
		if (instruction_length(half[0]) == 2)
			break;
	}
	*out = half[0] | (uint32_t)half[1] << 16;
	return 0;
}

// What could not be done: waits, ends the process, or is the fault that the
// access would have met had it been aligned.
static struct trapframe *emulate_failed(struct trapframe *frame, unsigned long cause, uint64_t address, int64_t err)
{
	if (err == PENDING)              // tried again when it is there
		return schedule();
	if (err == -ENOMEM)
		return fault_no_memory(process_of(frame));
	return process_on_fault(process_of(frame), cause, address);
}

// The first address of the access that cannot be used: where it begins, or the
// page that it reaches into.
static uint64_t emulate_culprit(struct process *process, const struct access *access, uint64_t address)
{
	void *at;
	size_t room;

	if (user_translate(process, address,
	                   access->store ? USER_WRITE : USER_READ, &at, &room))
		return address;
	return address + room;
}

// A register's worth, with what the hart itself would have put above it: the
// sign, zeroes, or the ones that make a single float of a double.
static uint64_t extend(const struct access *access, uint64_t value)
{
	unsigned above = 64 - 8 * access->size;

	if (above == 0)
		return value;
	if (access->floats)
		return value | ~(uint64_t)0 << (64 - above);
	return access->sign ? (uint64_t)((int64_t)(value << above) >> above)
	                    : value;
}

static int64_t emulate_load(struct process *process, const struct access *access, uint64_t address)
{
	struct trapframe *frame = &process->frame;
	uint64_t value = 0;
	int64_t err = user_copy_in(process, &value, address, access->size);

	if (err)
		return err;
	value = extend(access, value);
	if (access->floats) {
		float_store(frame);
		frame->fregs[access->reg] = value;
		trap_load_floats(frame);
	} else if (access->reg) {
		frame->regs[access->reg] = value;
	}
	return 0;
}

static int64_t emulate_store(struct process *process, const struct access *access, uint64_t address)
{
	struct trapframe *frame = &process->frame;
	uint64_t value;

	if (access->floats) {
		float_store(frame);
		value = frame->fregs[access->reg];
	} else {
		value = access->reg ? frame->regs[access->reg] : 0;
	}
	return user_copy_out(process, address, &value, access->size);
}

// The load or store at pc; the frame goes on behind it.  Floats are on if it is
// one of theirs, else it would have been an illegal instruction first.
static struct trapframe *emulate_access(struct trapframe *frame, uint64_t pc, unsigned long cause)
{
	struct process *process = process_of(frame);
	struct access access;
	uint32_t instruction;
	uint64_t address;
	int64_t err = emulate_fetch(process, pc, &instruction);

	if (err)
		return emulate_failed(frame, CAUSE_FETCH_PAGE, pc, err);
	// Atomic ones cannot be made atomic by us.
	if (!instruction_access(instruction, XLEN, &access))
		return process_fault(frame, cause);
	address = access.base ? frame->regs[access.base] : 0;
	address += access.offset;
	err = access.store ? emulate_store(process, &access, address)
	                   : emulate_load(process, &access, address);
	if (err)
		return emulate_failed(
			frame,
			access.store ? CAUSE_STORE_PAGE : CAUSE_LOAD_PAGE,
			emulate_culprit(process, &access, address), err);
	frame->pc = pc + access.length;
	return frame;
}

static struct trapframe *emulate_misaligned(struct trapframe *frame, unsigned long cause)
{
	return emulate_access(frame, frame->pc, cause);
}

// mtval is the instruction, or 0 on a hart that leaves the looking to us.
// (Privileged Architecture 1.12, section 3.1.16.)
static struct trapframe *emulate_illegal(struct trapframe *frame, unsigned long cause)
{
	uint32_t instruction = csr_read(mtval);
	int64_t err = 0;

	if (instruction == 0)
		err = emulate_fetch(process_of(frame), frame->pc, &instruction);
	if (err)
		return emulate_failed(frame, CAUSE_FETCH_PAGE, frame->pc, err);
	if (counter_emulate(frame, instruction))
		return frame;
	// With floats off it would be their first use, so that comes first.
	if (planned && instruction == EMULATE_NEXT &&
	    (frame->status & MSTATUS_FS))
		return emulate_access(frame, frame->pc + 4, cause);
	return next_illegal(frame, cause);
}

void emulate_init(void)
{
	planned = board_arg_is("emulate", "all");
	trap_on_exception(CAUSE_LOAD_MISALIGNED, emulate_misaligned);
	trap_on_exception(CAUSE_STORE_MISALIGNED, emulate_misaligned);
	next_illegal = trap_on_exception(CAUSE_ILLEGAL, emulate_illegal);
	if (planned)
		csr_clear(mcounteren, COUNTER_TIME);
}
