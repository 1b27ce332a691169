// Memory and strings.  Copying and clearing is where a kernel spends its
// instructions, so both go by words, many to a turn of the loop.
#include "lib/string.h"
#include <stdbool.h>
#include <stdint.h>

// gcc would recognise a loop that copies or clears and put a call in its place:
// of memcpy, inside memcpy.  So the build has
// -fno-tree-loop-distribute-patterns.
// Any object may be copied by words: C's rule that memory is read only as the
// type that was written there must not apply to this one.
typedef uint64_t __attribute__((may_alias)) word;

#define WORD sizeof(word)

static inline bool aligned(const void *p)
{
	return (uintptr_t)p % WORD == 0;
}

// Whether both become aligned by the same number of steps.
static inline bool in_phase(const void *a, const void *b)
{
	return ((uintptr_t)a ^ (uintptr_t)b) % WORD == 0;
}

// Four at a time: half the instructions of one at a time, and most copies of
// text are too short for anything cleverer.
static inline void copy_bytes(uint8_t *to, const uint8_t *from, size_t n)
{
	for (; n >= 4; n -= 4, to += 4, from += 4) {
		uint8_t a = from[0], b = from[1], c = from[2], d = from[3];

		to[0] = a;
		to[1] = b;
		to[2] = c;
		to[3] = d;
	}
	while (n--)
		*to++ = *from++;
}

// Eight words, all loaded before the first is stored: no waiting for any.
static inline void copy_eight(word *to, const word *from)
{
	word a = from[0], b = from[1], c = from[2], d = from[3];
	word e = from[4], f = from[5], g = from[6], h = from[7];

	to[0] = a;
	to[1] = b;
	to[2] = c;
	to[3] = d;
	to[4] = e;
	to[5] = f;
	to[6] = g;
	to[7] = h;
}

static inline void copy_sixteen(word *to, const word *from)
{
	copy_eight(to, from);
	copy_eight(to + 8, from + 8);
}

// 64 words a turn: a page takes eight, and of 44 instructions one is the
// loop's.  Shorter ones do not pay for it.
static void *copy_aligned(void *to, const void *from, size_t n)
{
	word *t = to;
	const word *f = from;
	word *end = t + n / (16 * WORD) * 16;

	if (t != end) {
		for (; end - t >= 64; t += 64, f += 64) {
			copy_sixteen(t, f);
			copy_sixteen(t + 16, f + 16);
			copy_sixteen(t + 32, f + 32);
			copy_sixteen(t + 48, f + 48);
		}
		for (; t != end; t += 16, f += 16)
			copy_sixteen(t, f);
	}
	n %= 16 * WORD;
	if (n >= 8 * WORD) {
		copy_eight(t, f);
		n -= 8 * WORD, t += 8, f += 8;
	}
	for (; n >= WORD; n -= WORD)
		*t++ = *f++;
	copy_bytes((uint8_t *)t, (const uint8_t *)f, n);
	return to;
}

// to is aligned and from is not: each word stored is put together from two
// that were loaded, for an unaligned load may trap.  An aligned word that holds
// a wanted byte lies in memory we may read, its other bytes included.
__attribute__((no_sanitize("address"))) static void copy_shifted(
	uint8_t *to, const uint8_t *from, size_t n)
{
	unsigned skew = (uintptr_t)from % WORD;
	const word *f = (const word *)(from - skew);
	word low = *f++;

	// Little-endian: the byte at the lower address is the lower one.
	for (; n >= WORD; n -= WORD, to += WORD, from += WORD) {
		word high = *f++;

		*(word *)to = low >> (8 * skew) | high << (8 * (WORD - skew));
		low = high;
	}
	copy_bytes(to, from, n);
}

// Bytes until the target is aligned, then words.
static __attribute__((noinline)) void *copy_unaligned(uint8_t *to, const uint8_t *from, size_t n)
{
	size_t head = -(uintptr_t)to % WORD;

	copy_bytes(to, from, head);
	if (in_phase(to, from))
		copy_aligned(to + head, from + head, n - head);
	else
		copy_shifted(to + head, from + head, n - head);
	return to;
}

// Words from the start, or from 32 bytes on: below that the way to the first
// aligned byte costs more than it saves.
void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	if (aligned(to) && aligned(from))
		return copy_aligned(to, from, n);
	if (n >= 4 * WORD)
		return copy_unaligned(to, from, n);
	copy_bytes(to, from, n);
	return to;
}

// memcpy goes upward and never stores above what it has loaded, so it is right
// for every overlap but the one where the target begins inside the source.
void *memmove(void *to, const void *from, size_t n)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	if ((uintptr_t)t - (uintptr_t)f >= n)
		return memcpy(to, from, n);
	// Downward: what is overwritten was read before.
	if (in_phase(t, f)) {
		for (; n && !aligned(t + n); n--)
			t[n - 1] = f[n - 1];
		for (; n >= WORD; n -= WORD)
			*(word *)(t + n - WORD) = *(word *)(f + n - WORD);
	}
	for (; n; n--)
		t[n - 1] = f[n - 1];
	return to;
}

// 8 words a turn: 640 instructions for a page, of which 512 are stores.
void *memset(void *to, int byte, size_t n)
{
	uint8_t *t = to;
	word fill = (uint8_t)byte * 0x0101010101010101ul;

	for (; n && !aligned(t); n--)
		*t++ = byte;
	for (; n >= 8 * WORD; n -= 8 * WORD, t += 8 * WORD) {
		word *w = (word *)t;

		w[0] = w[1] = w[2] = w[3] = fill;
		w[4] = w[5] = w[6] = w[7] = fill;
	}
	for (; n >= WORD; n -= WORD, t += WORD)
		*(word *)t = fill;
	while (n--)
		*t++ = byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	// Equal words are skipped; the bytes of the first other one decide.
	if (aligned(x) && aligned(y))
		for (; n >= WORD && *(word *)x == *(word *)y; n -= WORD)
			x += WORD, y += WORD;
	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *s, int byte, size_t n)
{
	const uint8_t *p = s;

	for (; n; n--, p++)
		if (*p == (uint8_t)byte)
			return (void *)p;
	return NULL;
}

size_t strlen(const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	return end - s;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

// Bytes compare as unsigned, whatever char is: so the standard has it.
int strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++)
		b++;
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n && *a && *a == *b; n--, a++)
		b++;
	return n ? (uint8_t)*a - (uint8_t)*b : 0;
}

// The end is a character like any other here: strchr(s, 0) finds it.
char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)s;
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	for (;; s++) {
		if (*s == (char)c)
			last = s;
		if (!*s)
			return (char *)last;
	}
}
