// Failure.
#include <tool.h>

TOOL("false", "false");

int main(void)
{
	return 1;
}
