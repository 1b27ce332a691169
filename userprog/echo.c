// Prints its arguments.
#include <string.h>
#include <tool.h>

TOOL("echo", "echo [-n] [WORD...]");

int main(int argc, char **argv)
{
	int i = 1;
	bool newline = true;

	// Not option(): any other word that starts with - is printed.
	while (i < argc && strcmp(argv[i], "-n") == 0) {
		newline = false;
		i++;
	}
	for (; i < argc; i++) {
		put(argv[i], strlen(argv[i]));
		if (i + 1 < argc)
			putch(' ');
	}
	if (newline)
		putch('\n');
	return done(0);
}
