// Switches the machine off.
#include <sys/reboot.h>
#include <tool.h>

TOOL("poweroff", "poweroff");

int main(int argc, char **argv)
{
	struct options o = { 0 };

	while (option(&o, argv, ""))
		;
	if (o.next < argc)
		misuse();
	reboot(RB_POWER_OFF);
	return complain("reboot");
}
