// How long the machine has been up, from /proc/uptime.
#include <stdlib.h>
#include <string.h>
#include <tool.h>

TOOL("uptime", "uptime");

int main(int argc, char **argv)
{
	struct options o = { 0 };
	char text[128];

	while (option(&o, argv, ""))
		;
	if (o.next < argc)
		misuse();
	if (read_file("/proc/uptime", text, sizeof text) < 0)
		return complain("/proc/uptime");

	unsigned long up = strtoul(text, NULL, 10);
	char *fraction = strchr(text, '.');
	print("up ");
	if (up >= 86400)
		print("%lu day%s, ", up / 86400, up >= 2 * 86400 ? "s" : "");
	print("%02lu:%02lu:%02lu", up / 3600 % 24, up / 60 % 60, up % 60);
	if (fraction)
		print("%.3s", fraction);
	print("\n");
	return done(0);
}
