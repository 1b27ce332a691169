#include "user.h"

#define TCGETS 0x5401
#define TCSETS 0x5402
#define ECHOE 0x10

// What is rubbed out stays to be seen, as on paper.
static void want_paper(void)
{
	struct { // Linux's struct termios
		uint32_t input, output, control, local;
		uint8_t line, chars[19];
	} settings;

	call(29, 0, TCGETS, (long)&settings, 0);
	settings.local &= ~ECHOE;
	call(29, 0, TCSETS, (long)&settings, 0);
}

// What is typed is there only when the line is complete, and as it was edited.
int main(void)
{
	char line[80];
	long n;

	want_paper();
	print("What is your name? ");
	n = read(0, line, sizeof line);
	print("Hello, ");
	write(1, line, n - 1);
	print(": ");
	print_number(n);
	print(" bytes.\n");
	print("And then?");
	n = read(0, line, sizeof line);
	print(n == 0 ? "\nThe end of input.\n" : "more\n");
	return 0;
}
