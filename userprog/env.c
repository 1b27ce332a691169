// Runs a program in another environment, or shows the one there is.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>

TOOL("env", "env [-i] [-u NAME] [NAME=VALUE...] [PROGRAM [ARGUMENT...]]");

extern char **environ;

int main(int argc, char **argv)
{
	static char *none[] = { NULL };
	struct options o = { 0 };
	int next;

	// Options end where the program's begin.
	for (int letter; (letter = option(&o, argv, "iu:"));) {
		if (letter == 'i')
			environ = none;
		else
			unsetenv(o.arg);
	}
	for (next = o.next; next < argc && strchr(argv[next], '='); next++)
		if (putenv(argv[next]) < 0)
			return complain(argv[next]);
	if (next < argc) {
		execvp(argv[next], argv + next);
		int status = errno == ENOENT ? 127 : 126;
		complain(argv[next]);
		return status;
	}
	for (char **at = environ; *at; at++)
		print("%s\n", *at);
	return done(0);
}
