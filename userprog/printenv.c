// Shows variables of the environment.
#include <stdlib.h>
#include <tool.h>

TOOL("printenv", "printenv [NAME...]");

extern char **environ;

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int status = 0;

	while (option(&o, argv, ""))
		;
	if (o.next == argc)
		for (char **at = environ; *at; at++)
			print("%s\n", *at);
	for (int i = o.next; i < argc; i++) {
		const char *value = getenv(argv[i]);

		if (value)
			print("%s\n", value);
		else
			status = 1;
	}
	return done(status);
}
