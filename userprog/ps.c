// Processes, from /proc.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>

TOOL("ps", "ps [-l]");

static bool wide;

// One number of /proc/PID/stat, counted from the state, which is field 0: the
// name before it may hold blanks and brackets, so counting starts at its end.
static long stat_field(const char *after_name, int index)
{
	while (index-- > 0) {
		after_name = strchr(after_name, ' ');
		if (!after_name)
			return 0;
		after_name++;
	}
	return strtol(after_name, NULL, 10);
}

// The command line, or the name in brackets for what has none.
static void show_command(const char *pid, const char *stat, const char *end)
{
	char path[32], line[256];
	ssize_t n;

	format(path, sizeof path, "/proc/%s/cmdline", pid);
	n = read_file(path, line, sizeof line);
	if (n <= 0) {
		const char *name = strchr(stat, '(') + 1;
		print("[%.*s]\n", (int)(end - name), name);
		return;
	}
	for (ssize_t i = 0; i < n - 1; i++)
		if (!line[i])
			line[i] = ' ';
	print("%s\n", line);
}

static void show(const char *pid)
{
	char path[32], stat[512], *end;

	format(path, sizeof path, "/proc/%s/stat", pid);
	// It may have ended since the directory was read.
	if (read_file(path, stat, sizeof stat) <= 0)
		return;
	end = strrchr(stat, ')');
	if (!end || !end[1])
		return;
	const char *state = end + 2;
	long ticks = stat_field(state, 11) + stat_field(state, 12);
	print("%5s %5ld ", pid, stat_field(state, 1));
	if (wide)
		print("%5ld %5ld ", stat_field(state, 2), stat_field(state, 3));
	print("%c %4ld %6ld %4ld.%02ld ", *state, stat_field(state, 36),
	      stat_field(state, 20) / 1024, ticks / 100, ticks % 100);
	show_command(pid, stat, end);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct dirent *entry;

	// -e, -f and -a are what fingers type; everything is shown anyway.
	for (int letter; (letter = option(&o, argv, "lefax")) != 0;)
		wide |= letter == 'l';
	if (o.next < argc)
		misuse();
	DIR *proc = opendir("/proc");
	if (!proc)
		return complain("/proc");
	print("  PID  PPID %sS HART    KiB    TIME COMMAND\n",
	      wide ? " PGID   SID " : "");
	while ((entry = readdir(proc)) != NULL)
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			show(entry->d_name);
	closedir(proc);
	return done(0);
}
