// Success.
#include <tool.h>

TOOL("true", "true");

int main(void)
{
	return 0;
}
