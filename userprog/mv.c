// Gives files another name or place.
#include <stdio.h>
#include <tool.h>
#include "place.h"

TOOL("mv", "mv [-f] FROM... TO");

static int move(const char *from, const char *to)
{
	return rename(from, to) < 0 ? complain(from) : 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };

	while (option(&o, argv, "f"))
		;
	return place_each(argv + o.next, argc - o.next, move);
}
