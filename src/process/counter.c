#include "process/counter.h"
#include "machine/clint.h"
#include "machine/csr.h"
#include "machine/instruction.h"

// Numbers of the counters that user mode may read, and on 32 bits of their
// upper halves.  (Unprivileged ISA 20191213, chapter 10.)
enum { CSR_CYCLE = 0xc00,
       CSR_TIME = 0xc01,
       CSR_INSTRET = 0xc02,
       CSR_HALF = 0x080 };       // so much further the upper half lies

// Of machine mode, mcycleh and minstreth: a hart of 64 bits has neither.
#define UPPER_CYCLE   0xb80
#define UPPER_INSTRET 0xb82

// On 32 bits again if the lower half wrapped round between two looks.
#define counter_read(lower, upper)                                    \
	({                                                            \
		uint64_t low_, high_ = 0;                             \
		do {                                                  \
			if (sizeof(long) == 4)                        \
				high_ = csr_read(upper);              \
			low_ = csr_read(lower);                       \
		} while (sizeof(long) == 4 && high_ != csr_read(upper)); \
		high_ << 32 | low_;                                   \
	})

static bool counter_value(unsigned csr, uint64_t *value)
{
	if (csr == CSR_TIME)
		*value = clint_now();
	else if (csr == CSR_CYCLE)
		*value = counter_read(mcycle, UPPER_CYCLE);
	else if (csr == CSR_INSTRET)
		*value = counter_read(minstret, UPPER_INSTRET);
	else
		return false;
	return true;
}

bool counter_emulate(struct trapframe *frame, uint32_t instruction)
{
	unsigned csr, reg, half;
	uint64_t value;

	if (!instruction_csr_read(instruction, &csr, &reg))
		return false;
	half = sizeof(long) == 4 ? csr & CSR_HALF : 0;
	if (!counter_value(csr - half, &value))
		return false;
	if (reg)
		frame->regs[reg] = half ? value >> 32 : value;
	frame->pc += 4;
	return true;
}
