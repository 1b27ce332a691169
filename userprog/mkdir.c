// Makes directories.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tool.h>

TOOL("mkdir", "mkdir [-p] [-m OCTAL] DIRECTORY...");

static int make_parents(char *path)
{
	struct stat st;

	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		if (mkdir(path, 0777) < 0 && stat(path, &st) < 0)
			return complain(path);
		*slash = '/';
	}
	if (mkdir(path, 0777) == 0 ||
	    (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return 0;
	return complain(path);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	bool parents = false;
	char *end = "";
	long mode = -1;
	int status = 0;

	for (int letter; (letter = option(&o, argv, "pm:"));) {
		parents |= letter == 'p';
		if (letter == 'm')
			mode = strtol(o.arg, &end, 8);
	}
	if (o.next == argc || *end)
		misuse();
	for (int i = o.next; i < argc; i++) {
		if (parents)
			status |= make_parents(argv[i]);
		else if (mkdir(argv[i], 0777) < 0)
			status = complain(argv[i]);
		if (mode >= 0 && !status && chmod(argv[i], mode) < 0)
			status = complain(argv[i]);
	}
	return status;
}
