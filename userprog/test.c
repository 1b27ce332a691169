// Checks files, texts and numbers: the status is the answer.
#include <tool.h>

TOOL("test", "test EXPRESSION");

int main(int argc, char **argv)
{
	return condition(argc, argv);
}
