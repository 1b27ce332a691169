// Maps and unmaps pieces of all sizes in an order that is random but the same
// each time.  Each is zero when it is new, keeps what is written to it, and is
// nobody else's; one that grows or shrinks keeps what it had.
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE 4096
#define SLOTS 24
#define LARGEST 160 // pages

static unsigned long seed = 99;

static unsigned long next(unsigned long limit)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (seed >> 33) % limit;
}

static struct slot {
	unsigned char *at;
	size_t pages;
	unsigned char fill;
} slots[SLOTS];

static int bad;

static void check(const unsigned char *at, size_t pages, unsigned char fill)
{
	for (size_t i = 0; i < pages * PAGE; i += 509)
		bad += at[i] != fill;
}

static void fill(struct slot *s)
{
	s->fill = 1 + next(255);
	memset(s->at, s->fill, s->pages * PAGE);
}

static void map(struct slot *s)
{
	s->pages = 1 + next(next(4) ? 20 : LARGEST);
	s->at = mmap(NULL, s->pages * PAGE, PROT_READ | PROT_WRITE,
	             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->at == MAP_FAILED) {
		s->at = NULL;
		bad++;
		return;
	}
	check(s->at, s->pages, 0);
	fill(s);
}

static void resize(struct slot *s)
{
	size_t pages = 1 + next(LARGEST);
	size_t kept = pages < s->pages ? pages : s->pages;
	unsigned char *to = mremap(s->at, s->pages * PAGE, pages * PAGE,
	                           MREMAP_MAYMOVE);

	if (to == MAP_FAILED) {
		bad++;
		return;
	}
	check(to, kept, s->fill);
	check(to + kept * PAGE, pages - kept, 0);
	s->at = to;
	s->pages = pages;
	fill(s);
}

static void step(struct slot *s)
{
	if (!s->at) {
		map(s);
		return;
	}
	check(s->at, s->pages, s->fill);
	if (next(3) == 0) {
		resize(s);
	} else {
		bad += munmap(s->at, s->pages * PAGE) != 0;
		s->at = NULL;
	}
}

int main(void)
{
	for (int i = 0; i < 5000; i++)
		step(&slots[next(SLOTS)]);
	for (int i = 0; i < SLOTS; i++)
		if (slots[i].at)
			check(slots[i].at, slots[i].pages, slots[i].fill);
	printf("bad %d\n", bad);
	return bad != 0;
}
