// The end of the heap, up and down.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int dirty(const char *at, long n)
{
	for (long i = 0; i < n; i++)
		if (at[i])
			return 1;
	return 0;
}

int main(void)
{
	char *start = sbrk(0), *at;

	setvbuf(stdout, NULL, _IONBF, 0); // a buffer would move the end
	start = sbrk(0);
	at = sbrk(100000);
	printf("grown by %ld dirty %d\n", (long)((char *)sbrk(0) - start),
	       dirty(at, 100000));
	memset(at, 1, 100000);
	sbrk(-90000);
	printf("shrunk to %ld kept %d\n", (long)((char *)sbrk(0) - start),
	       at[9999]);
	// What comes back is fresh, from the next page on.
	sbrk(90000);
	char *page = (char *)(((long)at + 10000 + 4095) & -4096L);
	printf("again dirty %d\n", dirty(page, at + 100000 - page));
	printf("a lot: %d %s\n", sbrk(1L << 45) == (void *)-1, strerror(errno));
	printf("unchanged %ld\n", (long)((char *)sbrk(0) - start));
	return 0;
}
