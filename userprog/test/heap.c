// malloc, realloc and free in an order that is random but the same each time;
// every block carries a pattern that is checked before it goes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 200

static unsigned long seed = 12345;

static unsigned long next(unsigned long limit)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (seed >> 33) % limit;
}

static struct slot {
	unsigned char *at;
	size_t size;
	unsigned char fill;
} slots[SLOTS];

static int check(const struct slot *s)
{
	for (size_t i = 0; i < s->size; i++)
		if (s->at[i] != s->fill)
			return 1;
	return 0;
}

static int step(struct slot *s)
{
	int bad = check(s);
	// Now and then a large one, so that the heap grows a lot.
	size_t size = next(50) ? next(2000) : next(200000);
	size_t kept = s->size < size ? s->size : size;

	if (s->at && next(3) == 0) {
		free(s->at);
		s->at = NULL;
		s->size = 0;
		return bad;
	}
	s->at = realloc(s->at, size + 1);
	if (!s->at)
		exit(1);
	s->size = kept;
	bad += check(s);
	s->fill = next(256);
	s->size = size;
	memset(s->at, s->fill, size);
	return bad;
}

int main(void)
{
	unsigned long sum = 0;
	int bad = 0;

	for (int i = 0; i < 20000; i++)
		bad += step(&slots[next(SLOTS)]);
	for (int i = 0; i < SLOTS; i++) {
		bad += check(&slots[i]);
		sum = sum * 31 + slots[i].size + slots[i].fill;
		free(slots[i].at);
	}
	char *zeros = calloc(1000, 100);
	for (int i = 0; i < 100000; i++)
		bad += zeros[i] != 0;
	printf("bad %d sum %lx\n", bad, sum);
	printf("huge %s\n", malloc(1UL << 50) ? "granted" : "refused");
	return bad != 0;
}
