// Memory in use, from /proc/meminfo.
#include <stdlib.h>
#include <string.h>
#include <tool.h>

TOOL("free", "free [-k | -m | -b]");

static char info[2048];

// The number behind NAME: in KiB, 0 if there is no such line.
static unsigned long field(const char *name)
{
	size_t length = strlen(name);

	for (char *line = info; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) == 0 && line[length] == ':')
			return strtoul(line + length + 1, NULL, 10);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	unsigned long shift = 0, scale = 1;
	int letter;

	while ((letter = option(&o, argv, "kmb")) != 0) {
		shift = letter == 'm' ? 10 : 0;
		scale = letter == 'b' ? 1024 : 1;
	}
	if (o.next < argc)
		misuse();
	if (read_file("/proc/meminfo", info, sizeof info) < 0)
		return complain("/proc/meminfo");

	unsigned long total = field("MemTotal"), left = field("MemFree");
	print("%16s%12s%12s\n", "total", "used", "free");
	print("Mem:%12lu%12lu%12lu\n", (total >> shift) * scale,
	      ((total - left) >> shift) * scale, (left >> shift) * scale);
	return done(0);
}
