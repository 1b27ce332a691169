// How many harts this process may run on; with --all, how many there are.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <tool.h>

TOOL("nproc", "nproc [--all]");

static int count_all(void)
{
	char text[4096];
	int count = 0;

	if (read_file("/proc/cpuinfo", text, sizeof text) < 0)
		return -1;
	for (char *at = text; (at = strstr(at, "processor\t")); at++)
		count++;
	return count;
}

static int count_allowed(void)
{
	uint64_t set = 0;
	int count = 0;

	if (syscall(SYS_sched_getaffinity, 0, sizeof set, &set) < 0)
		return -1;
	for (; set; set &= set - 1)
		count++;
	return count;
}

int main(int argc, char **argv)
{
	bool all = argc == 2 && strcmp(argv[1], "--all") == 0;
	int count;

	if (argc > 1 && !all)
		misuse();
	count = all ? count_all() : count_allowed();
	if (count < 0)
		return complain("/proc/cpuinfo");
	print("%d\n", count);
	return done(0);
}
