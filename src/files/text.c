#include "files/text.h"
#include "lib/print.h"
#include "lib/string.h"
#include "memory/heap.h"
#include <stdarg.h>

#define TEXT_FIRST 512 // bytes; doubled as needed

// Room for `more` bytes and a NUL.
static bool text_grow(struct text *text, size_t more)
{
	size_t need = text->length + more + 1;
	size_t size = text->size ? text->size : TEXT_FIRST;
	char *at;

	if (need <= text->size)
		return true;
	// Doubling copies each byte twice at most, on the average.
	while (size < need)
		size *= 2;
	at = kmalloc(size);
	if (at == NULL) {
		text->failed = true;
		return false;
	}
	memcpy(at, text->at, text->length);
	kfree(text->at);
	text->at = at;
	text->size = size;
	return true;
}

// Formatted where it will stand; once more if that was too short.
void text_printf(struct text *text, const char *format, ...)
{
	size_t n;

	do {
		va_list args;
		size_t room = text->size - text->length;

		va_start(args, format);
		n = vformat(text->at ? text->at + text->length : NULL, room,
		            format, args);
		va_end(args);
		if (n < room)
			break;
	} while (text_grow(text, n));
	if (text->length + n < text->size)
		text->length += n;
}

void text_add(struct text *text, const void *bytes, size_t size)
{
	if (!text_grow(text, size))
		return;
	memcpy(text->at + text->length, bytes, size);
	text->length += size;
}

void text_clear(struct text *text)
{
	text->length = 0;
	text->failed = false;
}

void text_free(struct text *text)
{
	kfree(text->at);
	*text = (struct text){ 0 };
}
