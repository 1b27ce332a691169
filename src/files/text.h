// Text that is put together piece by piece, in memory that grows as needed.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct text {
	char *at; // NULL at first
	size_t length, size;
	bool failed; // out of memory: the text is not complete
};

void text_printf(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void text_add(struct text *text, const void *bytes, size_t size);

// Empties it and keeps the memory; frees it.
void text_clear(struct text *text);
void text_free(struct text *text);
