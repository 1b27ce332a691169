// Memory that was given back is out of reach, also where the walls become so
// many that the hart has no entries for them: one more for each piece, a power
// of two, whose first page is given back.
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <tool.h>
#include <unistd.h>

TOOL("forgotten", "forgotten");

#define PAGE   4096ul
#define PIECE  (4 * PAGE)
#define SIZE   (64 * PIECE)

static char *map(int access)
{
	char *at = mmap(NULL, SIZE, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		_exit(2);
	return at;
}

int main(int argc, char **argv)
{
	char *apart = map(PROT_READ | PROT_WRITE), *pieces = map(PROT_NONE);
	volatile char *last = apart;
	int walls = 0;

	(void)argc, (void)argv;
	while (walls < 20 && !mprotect(pieces + 2 * walls * PIECE, PIECE,
	                               PROT_READ | PROT_WRITE))
		walls++;
	for (int i = 0; i < walls; i++)
		munmap(pieces + 2 * i * PIECE, PAGE);
	*last = 1;
	if (munmap(apart, SIZE) < 0) {
		print("not given back: %s\n", strerror(errno));
		flush();
	}
	*last = 2;
	print("in reach\n");
	return done(0);
}
