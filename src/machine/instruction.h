// What an instruction means, for those that a hart may leave to us: loads and
// stores, and reads of the counters.  Plain C that also compiles for the host.
// (Unprivileged ISA 20191213: chapters 2 and 5, 11 and 12, 16, and table 24.2.)
#pragma once
#include <stdbool.h>
#include <stdint.h>

// A load or store, of 1, 2, 4 or 8 bytes at the register `base` plus offset.
struct access {
	uint8_t length;  // of the instruction: 2 or 4 bytes
	uint8_t size;    // of memory
	uint8_t reg;     // what is loaded or stored
	uint8_t base;
	bool store;
	bool sign;       // a load that extends the sign
	bool floats;     // reg is a float register
	int16_t offset;
};

// Bytes of the instruction that begins so: 2 or 4.
static inline unsigned instruction_length(uint32_t instruction)
{
	return (instruction & 3) == 3 ? 4 : 2;
}

// false: it is no load or store of one register.  xlen is 32 or 64: some
// compressed ones mean another thing then.
bool instruction_access(uint32_t instruction, unsigned xlen, struct access *out);

// A read of a CSR that writes nothing, such as rdtime: *csr is its number and
// *reg where the value goes.
bool instruction_csr_read(uint32_t instruction, unsigned *csr, unsigned *reg);
