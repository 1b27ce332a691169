// A mapping that is refused leaves nothing behind: neither the memory that was
// found for it, nor, where walls have become so many that the hart has no
// entries for what a move would leave, the place that it was to move to.
#include <errno.h>
#include <sys/mman.h>
#include <tool.h>
#include "left.h"

TOOL("refused", "refused");

#define PAGE   4096ul
#define PIECE  (4 * PAGE)
#define PIECES 32
#define LARGE  (1ul << 20)
#define NOBODY 99                // no descriptor of ours

static int bad;

static void check(bool good, const char *what)
{
	if (!good)
		print("%s\n", what);
	bad += !good;
}

static void no_file(void)
{
	struct left before = left_now(), missing;
	void *at = mmap(NULL, LARGE, PROT_READ, MAP_PRIVATE, NOBODY, 0);

	check(at == MAP_FAILED && errno == EBADF, "no file: not refused");
	missing = left_missing(&before);
	check(left_all(&missing), "no file: memory is missing");
}

static int areas(void)
{
	static char text[16384];
	int count = 0;

	if (read_file("/proc/self/maps", text, sizeof text) < 0)
		return -1;
	for (const char *c = text; *c; c++)
		count += *c == '\n';
	return count;
}

// Pieces with walls of their own, as many as there may be; then their first
// pages go, each of which takes an entry more.  The last piece is whole.
static char *no_entries(void)
{
	char *pieces = mmap(NULL, 2 * PIECES * PIECE, PROT_NONE,
	                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int walls = 0, cut = 0;

	while (walls < PIECES && !mprotect(pieces + 2 * walls * PIECE, PIECE,
	                                   PROT_READ | PROT_WRITE))
		walls++;
	while (cut < walls && !munmap(pieces + 2 * cut * PIECE, PAGE))
		cut++;
	return cut < walls ? pieces + 2 * (walls - 1) * PIECE : NULL;
}

static void no_move(void)
{
	char *piece = no_entries();
	int before;

	if (!piece) {
		print("no move: there are entries enough\n");
		return;
	}
	// The first one may divide an area, which stays divided.
	for (int i = 0; i < 3; i++) {
		void *at;

		before = areas();
		at = mremap(piece, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
		check(at == MAP_FAILED && errno == ENOMEM,
		      "no move: not refused");
	}
	check(areas() == before, "no move: the new place is there");
}

int main(int argc, char **argv)
{
	(void)argc, (void)argv;
	no_file();
	no_move();
	print("%d bad\n", bad);
	return done(bad != 0);
}
