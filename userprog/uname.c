// Names of the system.
#include <string.h>
#include <sys/utsname.h>
#include <tool.h>

TOOL("uname", "uname [-asnrvm]");

int main(int argc, char **argv)
{
	static const char letters[] = "snrvm";
	struct options o = { 0 };
	struct utsname name;
	unsigned wanted = 0;
	int letter;

	while ((letter = option(&o, argv, "asnrvm")) != 0)
		wanted |= letter == 'a'
		                  ? ~0U
		                  : 1U << (strchr(letters, letter) - letters);
	if (o.next < argc)
		misuse();
	if (uname(&name) < 0)
		return complain("uname");
	const char *parts[] = { name.sysname, name.nodename, name.release,
		                name.version, name.machine };
	const char *gap = "";
	for (int i = 0; i < 5; i++)
		if ((wanted ? wanted : 1) & 1U << i) {
			print("%s%s", gap, parts[i]);
			gap = " ";
		}
	print("\n");
	return done(0);
}
