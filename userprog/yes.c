// Prints a line until nobody listens.
#include <tool.h>

TOOL("yes", "yes [WORD...]");

int main(int argc, char **argv)
{
	struct options o = { 0 };

	while (option(&o, argv, ""))
		;
	do {
		print("%s", o.next < argc ? argv[o.next] : "y");
		for (int i = o.next + 1; i < argc; i++)
			print(" %s", argv[i]);
		putch('\n');
	} while (flush());
	return 1;
}
