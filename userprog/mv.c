// Gives files another name or place.
#include <errno.h>
#include <stdio.h>
#include <tool.h>
#include "copying.h"
#include "inode.h"
#include "place.h"

TOOL("mv", "mv [-fn] FROM... TO");

static bool no_clobber;

// Between two file systems a copy takes the file's place, which is removed only
// when all of it is there.
static int move(const char *from, const char *to)
{
	static const struct copying how = { .recursive = true, .keep = true };
	struct linux_stat a, b;

	if (no_clobber && inode_look(to, false, &b) == 0)
		return 0;
	// One file with two names: rename() would do nothing.
	if (inode_look(from, false, &a) == 0 &&
	    inode_look(to, false, &b) == 0 && inode_same(&a, &b)) {
		message("mv: %s and %s are the same file\n", from, to);
		return 1;
	}
	if (rename(from, to) == 0)
		return 0;
	if (errno != EXDEV)
		return complain(from);
	return copy_tree(from, to, &how) || remove_tree(from, true, true);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };

	for (int letter; (letter = option(&o, argv, "fn"));)
		no_clobber = letter == 'n';
	return place_each(argv + o.next, argc - o.next, move);
}
