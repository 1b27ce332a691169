// Copies files.
#include <tool.h>
#include "copying.h"
#include "place.h"

TOOL("cp", "cp [-rpaf] FROM... TO");

static struct copying how;

static int copy(const char *from, const char *to)
{
	return copy_tree(from, to, &how);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };

	for (int letter; (letter = option(&o, argv, "rRpaf"));) {
		how.recursive |= letter == 'r' || letter == 'R' ||
		                 letter == 'a';
		how.keep |= letter == 'p' || letter == 'a';
	}
	return place_each(argv + o.next, argc - o.next, copy);
}
