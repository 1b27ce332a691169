// Gives files one more name, or makes links to names.
#include <string.h>
#include <sys/stat.h>
#include <tool.h>
#include <unistd.h>
#include "inode.h"
#include "place.h"

TOOL("ln", "ln [-sfn] TARGET... [NAME]");

static bool symbolic, force;

static int make(const char *target, const char *name)
{
	struct linux_stat a, b;

	if (force && inode_look(name, false, &b) == 0) {
		if (!symbolic && inode_look(target, false, &a) == 0 &&
		    inode_same(&a, &b)) {
			if (strcmp(target, name) != 0)
				return 0; // it is what it shall be
			message("ln: %s and %s are the same file\n", target,
			        name);
			return 1;
		}
		unlink(name);
	}
	if ((symbolic ? symlink : link)(target, name) == 0)
		return 0;
	return complain(name);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct stat st;
	bool as_file = false;
	char name[PATH_SIZE];

	for (int letter; (letter = option(&o, argv, "sfn"));) {
		symbolic |= letter == 's';
		force |= letter == 'f';
		as_file |= letter == 'n';
	}
	if (argc - o.next == 1)
		return place_join(name, ".", argv[o.next])
		               ? make(argv[o.next], name)
		               : 1;
	// A link to a directory is replaced, not entered.
	argv += o.next;
	argc -= o.next;
	if (as_file && argc == 2 && lstat(argv[1], &st) == 0 &&
	    S_ISLNK(st.st_mode))
		return make(argv[0], argv[1]);
	return place_each(argv, argc, make);
}
