// Removes directories that are empty.
#include <string.h>
#include <tool.h>
#include <unistd.h>

TOOL("rmdir", "rmdir [-p] DIRECTORY...");

static int remove_path(char *path, bool parents)
{
	char *slash;

	if (rmdir(path) < 0)
		return complain(path);
	while (parents && (slash = strrchr(path, '/')) && slash > path) {
		*slash = '\0';
		if (slash[1] && rmdir(path) < 0)
			return complain(path);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	bool parents = false;
	int status = 0;

	while (option(&o, argv, "p"))
		parents = true;
	if (o.next == argc)
		misuse();
	for (int i = o.next; i < argc; i++)
		status |= remove_path(argv[i], parents);
	return status;
}
