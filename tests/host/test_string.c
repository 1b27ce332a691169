// src/lib/string.c against byte-by-byte models, at every alignment.  It is
// compiled under other names here: memcpy is k_memcpy, and so on.
#include "claim.h"
#include "lib/string.h"

#define SIZE 700

static uint8_t from[SIZE], to[SIZE], model[SIZE];

static void fill(void)
{
	for (int i = 0; i < SIZE; i++) {
		from[i] = chance(256);
		to[i] = model[i] = chance(256);
	}
}

static bool as_model(void)
{
	for (int i = 0; i < SIZE; i++)
		if (to[i] != model[i])
			return false;
	return true;
}

static void copy(int t, int f, int n)
{
	fill();
	for (int i = 0; i < n; i++)
		model[t + i] = from[f + i];
	CLAIM(memcpy(to + t, from + f, n) == to + t);
	CLAIM(as_model());
}

static void set(int t, int n)
{
	fill();
	for (int i = 0; i < n; i++)
		model[t + i] = 0xc3;
	CLAIM(memset(to + t, 0x5c3, n) == to + t); // only the low byte counts
	CLAIM(as_model());
}

static void move(int t, int f, int n)
{
	uint8_t old[SIZE];

	fill();
	for (int i = 0; i < SIZE; i++)
		old[i] = to[i];
	for (int i = 0; i < n; i++)
		model[t + i] = old[f + i];
	CLAIM(memmove(to + t, to + f, n) == to + t);
	CLAIM(as_model());
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void compare(int a, int b, int n, int differ)
{
	for (int i = 0; i < SIZE; i++)
		from[i] = to[i] = 0;
	if (differ < n)
		from[a + differ] = 0x80; // unsigned: more than 1
	if (differ + 1 < n)
		to[b + differ + 1] = 1; // behind the first difference
	CLAIM(sign(memcmp(from + a, to + b, n)) == (differ < n));
	CLAIM(sign(memcmp(to + b, from + a, n)) == -(differ < n));
}

static void memory(void)
{
	static const int sizes[] = {0,   1,   2,   3,   7,   8,   9,   15,  16,
	                            17,  31,  32,  33,  63,  64,  65,  127, 128,
	                            129, 130, 200, 255, 256, 300, 511, 600};

	for (size_t s = 0; s < COUNT(sizes); s++) {
		int n = sizes[s];

		for (int t = 0; t < 9; t++) {
			set(t, n);
			for (int f = 0; f < 9; f++)
				copy(t, f, n);
		}
		for (int distance = -70; distance <= 70; distance += 1 + n / 99)
			if (n <= 511)
				move(80 + distance, 80, n);
		for (int a = 0; a < 9; a += 4)
			for (int b = 0; b < 9; b += 3)
				for (int d = 0; d <= n && d < 40; d++)
					compare(a, b, n, d);
	}
	from[7] = 'x';
	from[9] = 'x';
	CLAIM(memchr(from + 8, 'x', 9) == from + 9);
	CLAIM(memchr(from + 8, 'x', 1) == NULL);
	CLAIM(memchr(from + 8, 'x' + 256, 9) == from + 9);
}

static void texts(void)
{
	static const struct {
		const char *a, *b;
		size_t n;
		int order, order_n;
	} rows[] = {
		{"", "", 5, 0, 0},           {"a", "", 5, 1, 1},
		{"abc", "abd", 2, -1, 0},    {"abc", "abd", 3, -1, -1},
		{"abc", "abcd", 9, -1, -1},  {"abc", "abcd", 3, -1, 0},
		{"a\x80", "a\x01", 9, 1, 1}, {"x", "y", 0, -1, 0},
	};
	static const char *text = "one/two/three";

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *a = rows[i].a, *b = rows[i].b;

		ROW_CLAIM(a, sign(strcmp(a, b)) == rows[i].order);
		ROW_CLAIM(a, sign(strncmp(a, b, rows[i].n)) == rows[i].order_n);
		ROW_CLAIM(a,
		          sign(strncmp(b, a, rows[i].n)) == -rows[i].order_n);
	}
	CLAIM(strlen("") == 0);
	CLAIM(strlen(text) == 13);
	CLAIM(strnlen(text, 4) == 4);
	CLAIM(strnlen(text, 99) == 13);
	CLAIM(strchr(text, '/') == text + 3);
	CLAIM(strrchr(text, '/') == text + 7);
	CLAIM(strchr(text, 0) == text + 13);
	CLAIM(strrchr(text, 0) == text + 13);
	CLAIM(strchr(text, 'x') == NULL);
	CLAIM(strrchr(text, 'x') == NULL);
}

void test_string(void)
{
	memory();
	texts();
}
