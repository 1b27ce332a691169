#include "machine/instruction.h"

#define SP 2

// Bits high..low of the instruction, moved to bit `to`.
static uint32_t bits(uint32_t instruction, int high, int low, int to)
{
	return (instruction >> low & ((2u << (high - low)) - 1)) << to;
}

enum { LOAD = 0x03,
       LOAD_FP = 0x07,
       STORE = 0x23,
       STORE_FP = 0x27 };

// funct3 is the logarithm of the size; bit 2 of it: without the sign.
static bool access_whole(uint32_t i, unsigned xlen, struct access *out)
{
	uint32_t opcode = bits(i, 6, 0, 0), width = bits(i, 14, 12, 0);
	uint32_t largest = xlen == 64 ? 3 : 2;
	bool sign = !(width & 4);

	out->store = opcode == STORE || opcode == STORE_FP;
	out->floats = opcode == LOAD_FP || opcode == STORE_FP;
	if (out->floats ? width != 2 && width != 3
	                : opcode != LOAD && opcode != STORE)
		return false;
	if (!out->floats && (width & 3) > largest)
		return false;
	// lwu is for 64 bits, and ldu would be for 128.
	if (!sign && (out->store || (width & 3) >= largest))
		return false;
	out->length = 4;
	out->size = 1 << (width & 3);
	out->sign = sign && !out->store && !out->floats;
	out->base = bits(i, 19, 15, 0);
	out->reg = out->store ? bits(i, 24, 20, 0) : bits(i, 11, 7, 0);
	out->offset = out->store ? bits(i, 11, 7, 0) | bits(i, 31, 25, 5)
	                         : bits(i, 31, 20, 0);
	if (i >> 31)
		out->offset -= 4096;
	return true;
}

// Compressed: funct3 says what it is.  Where both have a meaning, 64 bits take
// the double word of integers and 32 bits the single float.
static bool access_kind(uint32_t i, unsigned xlen, struct access *out)
{
	uint32_t kind = bits(i, 14, 13, 0);

	if (kind == 0)
		return false;
	out->length = 2;
	out->store = i >> 15 & 1;
	out->floats = kind == 1 || (kind == 3 && xlen == 32);
	out->size = kind == 2 || (kind == 3 && xlen == 32) ? 4 : 8;
	out->sign = !out->store && !out->floats;
	return true;
}

static bool access_short(uint32_t i, struct access *out)
{
	out->reg = 8 + bits(i, 4, 2, 0);
	out->base = 8 + bits(i, 9, 7, 0);
	out->offset = bits(i, 12, 10, 3);
	out->offset |= out->size == 4 ? bits(i, 6, 6, 2) | bits(i, 5, 5, 6)
	                              : bits(i, 6, 5, 6);
	return true;
}

static bool access_stack(uint32_t i, struct access *out)
{
	bool word = out->size == 4;

	out->base = SP;
	if (out->store) {
		out->reg = bits(i, 6, 2, 0);
		out->offset = word ? bits(i, 12, 9, 2) | bits(i, 8, 7, 6)
		                   : bits(i, 12, 10, 3) | bits(i, 9, 7, 6);
		return true;
	}
	out->reg = bits(i, 11, 7, 0);
	out->offset = bits(i, 12, 12, 5);
	out->offset |= word ? bits(i, 6, 4, 2) | bits(i, 3, 2, 6)
	                    : bits(i, 6, 5, 3) | bits(i, 4, 2, 6);
	return out->floats || out->reg != 0;     // else reserved
}

bool instruction_access(uint32_t instruction, unsigned xlen, struct access *out)
{
	switch (instruction & 3) {
	case 0:
		return access_kind(instruction, xlen, out) &&
		       access_short(instruction, out);
	case 2:
		return access_kind(instruction, xlen, out) &&
		       access_stack(instruction, out);
	case 3:
		return access_whole(instruction, xlen, out);
	}
	return false;
}

// csrrs and csrrc, with a register or a number, write nothing if it is 0.
bool instruction_csr_read(uint32_t instruction, unsigned *csr, unsigned *reg)
{
	*csr = instruction >> 20;
	*reg = bits(instruction, 11, 7, 0);
	return bits(instruction, 6, 0, 0) == 0x73 &&
	       (instruction & 0x2000) && bits(instruction, 19, 15, 0) == 0;
}
