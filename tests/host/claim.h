// Unit tests on the host: tables of claims about one unit after the other.
#pragma once
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

extern unsigned claims, failures;

// Something that holds; the text of what does not is printed.
#define CLAIM(...)                                                             \
	do {                                                                   \
		claims++;                                                      \
		if (!(__VA_ARGS__)) {                                          \
			failures++;                                            \
			printf("%s:%d: not so: %s\n", __FILE__, __LINE__,      \
			       #__VA_ARGS__);                                  \
		}                                                              \
	} while (0)

// The same for one row of a table, which is named.
#define ROW_CLAIM(row, ...)                                                    \
	do {                                                                   \
		claims++;                                                      \
		if (!(__VA_ARGS__)) {                                          \
			failures++;                                            \
			printf("%s:%d: %s: not so: %s\n", __FILE__, __LINE__,  \
			       row, #__VA_ARGS__);                             \
		}                                                              \
	} while (0)

// panic() comes back here while one is expected, with its text.
extern jmp_buf panic_exit;
extern bool panic_expected;
extern char panic_text[200];
bool said(const char *words); // whether the last panic did

#define PANICS(words, statement)                                               \
	do {                                                                   \
		panic_expected = true;                                         \
		panic_text[0] = 0;                                             \
		if (!setjmp(panic_exit)) {                                     \
			statement;                                             \
		}                                                              \
		panic_expected = false;                                        \
		ROW_CLAIM(panic_text, said(words));                            \
	} while (0)

uint64_t chance(uint64_t below); // a random number, from a fixed seed

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
