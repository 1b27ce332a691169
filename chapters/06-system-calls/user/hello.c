#include "user.h"

int main(void)
{
	print("Hello, world!\n");
	return 0;
}
