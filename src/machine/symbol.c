#include "machine/symbol.h"
#include "lib/print.h"

#include <stddef.h>

struct symbol {
	uint32_t start;          // bytes from _text_start
	uint32_t name;           // bytes into symbol_names
};

extern const uint32_t symbol_count;
extern const struct symbol symbol_table[];      // sorted by start
extern const char symbol_names[];
extern char _text_start[], _text_end[];

const char *symbol_name(uintptr_t at, uintptr_t *offset)
{
	uintptr_t start = at - (uintptr_t)_text_start;
	uint32_t low = 0, high = symbol_count;

	if (at < (uintptr_t)_text_start || at >= (uintptr_t)_text_end)
		return NULL;
	while (low < high) {             // the first that starts after it
		uint32_t middle = (low + high) / 2;

		if (symbol_table[middle].start <= start)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	*offset = start - symbol_table[low - 1].start;
	return symbol_names + symbol_table[low - 1].name;
}

void symbol_print(uintptr_t at)
{
	uintptr_t offset = 0;
	const char *name = symbol_name(at, &offset);

	if (name)
		kprintf("  %lx %s+%lu\n", (unsigned long)at, name,
		        (unsigned long)offset);
	else
		kprintf("  %lx ?\n", (unsigned long)at);
}
