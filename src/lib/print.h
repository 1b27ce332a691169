// Formatted output: into memory, and to whatever the board gave as print_putc.
// Knows %c %s %d %i %u %x %p %%, the lengths hh h l ll z, a width, the flags
// 0 and -, and a precision for %s.
#pragma once
#include <stdarg.h>
#include <stddef.h>

// Where kprintf's characters go; NULL (nowhere) until a UART is set up.
extern void (*print_putc)(char c);

void kprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vkprintf(const char *fmt, va_list args)
	__attribute__((format(printf, 1, 0)));

// As snprintf: at most size bytes with the NUL; the result is the length that
// the whole text has, whether it fitted or not.
int vformat(char *buf, size_t size, const char *fmt, va_list args)
	__attribute__((format(printf, 3, 0)));
int format(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
