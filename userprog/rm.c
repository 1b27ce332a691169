// Removes files, and directories with all that is in them.
#include <string.h>
#include <tool.h>
#include "copying.h"

TOOL("rm", "rm [-rf] FILE...");

// The last name of the path is "." or ".." or none: those are somebody's place.
static bool is_place(const char *path)
{
	const char *end = path + strlen(path), *name;

	while (end > path && end[-1] == '/')
		end--;
	for (name = end; name > path && name[-1] != '/'; name--)
		;
	return end == path || (end - name == 1 && name[0] == '.') ||
	       (end - name == 2 && name[0] == '.' && name[1] == '.');
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	bool recursive = false, force = false;
	int status = 0;

	for (int letter; (letter = option(&o, argv, "rRf"));) {
		recursive |= letter != 'f';
		force |= letter == 'f';
	}
	if (o.next == argc && !force)
		misuse();
	for (int i = o.next; i < argc; i++) {
		if (recursive && *argv[i] && is_place(argv[i])) {
			message("rm: %s: is not removed\n", argv[i]);
			status = 1;
			continue;
		}
		status |= remove_tree(argv[i], recursive, force);
	}
	return status;
}
