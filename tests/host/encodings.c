// Reads instructions, 4 bytes each, and writes what each means, a line each:
// tests/test_emulate.py compares that with a disassembler.
#include "machine/instruction.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	unsigned xlen = argc > 1 ? atoi(argv[1]) : 64, csr, reg;
	struct access a;
	uint32_t word;

	while (fread(&word, sizeof word, 1, stdin) == 1) {
		if (instruction_access(word, xlen, &a))
			printf("%s %d %d %d %c%d %d(x%d)\n",
			       a.store ? "store" : "load", a.length, a.size,
			       a.sign, a.floats ? 'f' : 'x', a.reg, a.offset,
			       a.base);
		else if (instruction_csr_read(word, &csr, &reg))
			printf("read %#x x%d\n", csr, reg);
		else
			printf("-\n");
	}
	return 0;
}
