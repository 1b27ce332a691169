// Five lines of a letter; after each it gives way.
#include "user.h"

#define LINES 5

int main(void)
{
	for (int line = 1; line <= LINES; line++) {
		print(LETTERS " [");
		print_number(line);
		print("/5]\n");
		yield();
	}
	return 0;
}
