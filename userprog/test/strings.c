// The string functions of the library, the ones in assembly above all: every
// alignment and length against the obvious loop.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int bad;

static void expect(int right, const char *what, int a, int b)
{
	if (right)
		return;
	bad++;
	printf("wrong: %s %d %d\n", what, a, b);
}

static void copies(void)
{
	char from[200], to[200], like[200];

	for (int i = 0; i < 200; i++)
		from[i] = i * 7 + 1;
	for (int shift = 0; shift < 16; shift++)
		for (int n = 0; n < 100; n++) {
			memset(to, 0, 200);
			memset(like, 0, 200);
			memcpy(to + shift, from + 3, n);
			for (int i = 0; i < n; i++)
				like[shift + i] = from[3 + i];
			expect(!memcmp(to, like, 200), "memcpy", shift, n);
			memcpy(to, from, 200);
			memmove(to + shift, to + 8, n);
			for (int i = 0; i < 200; i++)
				like[i] = i >= shift && i < shift + n
				                  ? from[i - shift + 8]
				                  : from[i];
			expect(!memcmp(to, like, 200), "memmove", shift, n);
			memset(to + shift, 5, n);
			for (int i = shift; i < shift + n; i++)
				expect(to[i] == 5, "memset", shift, n);
		}
}

static void comparisons(void)
{
	char a[80], b[80];

	for (int shift = 0; shift < 8; shift++)
		for (int n = 0; n < 40; n++) {
			memset(a, 'x', 80);
			memset(b, 'x', 80);
			a[shift + n] = b[n] = 0;
			expect(strcmp(a + shift, b) == 0, "strcmp", shift, n);
			expect((int)strlen(a + shift) == n, "strlen", shift, n);
			if (n == 0)
				continue;
			b[n - 1] = 'y';
			expect(strcmp(a + shift, b) < 0, "strcmp<", shift, n);
			expect(strncmp(a + shift, b, n - 1) == 0, "strncmp",
			       shift, n);
			expect(strchr(b, 'y') == b + n - 1, "strchr", shift, n);
			expect(memchr(b, 'y', n) == b + n - 1, "memchr", shift,
			       n);
		}
}

static int ascending(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void sorting(void)
{
	int numbers[500], key = 77;
	unsigned seed = 1;

	for (int i = 0; i < 500; i++)
		numbers[i] = (seed = seed * 1103515245 + 12345) >> 16 & 1023;
	numbers[250] = key;
	qsort(numbers, 500, sizeof *numbers, ascending);
	for (int i = 1; i < 500; i++)
		expect(numbers[i - 1] <= numbers[i], "qsort", i, 0);
	int *found = bsearch(&key, numbers, 500, sizeof key, ascending);
	expect(found && *found == key, "bsearch", 0, 0);
	printf("sorted %d .. %d\n", numbers[0], numbers[499]);
}

static void words(void)
{
	char line[] = "one, two;;three", *rest = line, *word;

	while ((word = strtok_r(rest, ", ;", &rest)))
		printf("<%s>", word);
	printf(" %s %s %d\n", strstr("needle in hay", "in"),
	       strrchr("/a/b/c", '/'), (int)strspn("abcabcx", "abc"));
	for (int c = 0; c < 128; c++)
		putchar(isalnum(c)   ? 'a'
		        : ispunct(c) ? 'p'
		        : isspace(c) ? 's'
		        : iscntrl(c) ? 'c'
		                     : '?');
	printf("\n%s %s\n", strerror(2), strerror(22));
}

int main(void)
{
	copies();
	comparisons();
	sorting();
	words();
	printf("bad %d\n", bad);
	return bad != 0;
}
