// The processes that work most, again and again, from /proc.
#include <dirent.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

TOOL("top", "top [-b] [-d SECONDS] [-n ROUNDS]   (q ends it)");

struct process {
	int pid, parent;
	int hart;                    // that it runs on, or ran on last
	char state, name[32];
	unsigned long ticks, before; // of the processor, now and last time
	unsigned long kib;
};

static struct process *now, *last;
static int now_count, last_count, room;

// The fields of /proc/PID/stat that are shown, see proc(5): they are counted
// from the state, since the name before it may contain anything.
static bool read_process(const char *pid, struct process *p)
{
	char path[32], text[512];

	format(path, sizeof path, "/proc/%s/stat", pid);
	if (read_file(path, text, sizeof text) <= 0)
		return false;
	char *name = strchr(text, '('), *end = strrchr(text, ')');
	if (!name || !end || !end[1])
		return false;
	memset(p, 0, sizeof *p);
	p->pid = atoi(pid);
	format(p->name, sizeof p->name, "%.*s", (int)(end - name - 1),
	       name + 1);
	p->state = end[2];
	char *field = end + 3;
	for (int i = 1; i <= 36; i++) {
		unsigned long value = strtoul(field, &field, 10);

		if (i == 1)
			p->parent = value;
		else if (i == 11 || i == 12)
			p->ticks += value;
		else if (i == 20)
			p->kib = value / 1024;
		else if (i == 36)
			p->hart = value;
	}
	return true;
}

static unsigned long ticks_before(int pid)
{
	for (int i = 0; i < last_count; i++)
		if (last[i].pid == pid)
			return last[i].ticks;
	return 0;
}

static bool make_room(void)
{
	int more = room ? room * 2 : 64;
	struct process *a = realloc(now, more * sizeof *a);
	struct process *b = realloc(last, more * sizeof *b);

	now = a ? a : now;
	last = b ? b : last;
	room = a && b ? more : room;
	return a && b;
}

static bool read_processes(void)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	if (!proc)
		return false;
	now_count = 0;
	while ((entry = readdir(proc)) != NULL) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		if (now_count == room && !make_room())
			break;
		struct process *p = &now[now_count];
		if (!read_process(entry->d_name, p))
			continue;
		p->before = ticks_before(p->pid);
		now_count++;
	}
	closedir(proc);
	return true;
}

static unsigned long used(const struct process *p)
{
	return p->ticks - p->before;
}

static int by_use(const void *x, const void *y)
{
	const struct process *a = x, *b = y;

	if (used(a) != used(b))
		return used(a) < used(b) ? 1 : -1;
	return a->pid - b->pid;
}

static unsigned long field(const char *text, const char *name)
{
	const char *line = strstr(text, name);

	return line ? strtoul(line + strlen(name), NULL, 10) : 0;
}

static void show_head(void)
{
	char memory[1024] = "", up[64] = "";
	int running = 0;

	read_file("/proc/meminfo", memory, sizeof memory);
	read_file("/proc/uptime", up, sizeof up);
	for (int i = 0; i < now_count; i++)
		running += now[i].state == 'R';
	print("up %lu s, %d processes, %d running, %lu of %lu KiB free\n\n",
	      strtoul(up, NULL, 10), now_count, running,
	      field(memory, "MemFree:"), field(memory, "MemTotal:"));
	print("  PID  PPID S HART    KiB %%CPU    TIME NAME\n");
}

// Hundredths of seconds of processor time within so many hundredths.
static void show(const struct process *p, unsigned long passed)
{
	print("%5d %5d %c %4d %6lu %4lu %4lu.%02lu %s\n", p->pid, p->parent,
	      p->state, p->hart, p->kib, passed ? used(p) * 100 / passed : 0,
	      p->ticks / 100, p->ticks % 100, p->name);
}

static int screen_rows(void)
{
	struct winsize size;

	if (ioctl(1, TIOCGWINSZ, &size) < 0 || size.ws_row < 8)
		return 24;
	return size.ws_row;
}

static unsigned long hundredths(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 100 + t.tv_nsec / 10000000;
}

static bool show_all(bool screen)
{
	static unsigned long before;
	unsigned long time = hundredths();
	int rows = screen ? screen_rows() - 4 : now_count;

	if (screen)
		print("\033[H\033[J");
	show_head();
	qsort(now, now_count, sizeof *now, by_use);
	for (int i = 0; i < now_count && i < rows; i++)
		show(&now[i], before ? time - before : 0);
	before = time;
	struct process *swap = last;
	last = now;
	now = swap;
	last_count = now_count;
	return flush();
}

// True if q was typed meanwhile.
static bool pause_for(long ms, bool keys)
{
	struct pollfd fd = { 0, POLLIN, 0 };
	int ready = keys ? poll(&fd, 1, ms) : -1;
	char key;

	if (ready > 0)
		return read(0, &key, 1) != 1 || key == 'q' || key == 3;
	if (ready == 0)
		return false;
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };
	nanosleep(&t, NULL);
	return false;
}

static int run(long rounds, long seconds, bool screen)
{
	for (long i = 0; rounds < 0 || i < rounds; i++) {
		if (i > 0 && pause_for(seconds * 1000, screen))
			break;
		if (!read_processes())
			return complain("/proc");
		if (!show_all(screen))
			break;
		if (!screen && (rounds < 0 || i + 1 < rounds))
			print("\n");
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct termios before, raw;
	long rounds = -1, seconds = 2;
	bool screen = isatty(0) && isatty(1);

	for (int letter; (letter = option(&o, argv, "bd:n:"));) {
		if (letter == 'd')
			seconds = need_number(o.arg);
		else if (letter == 'n')
			rounds = need_number(o.arg);
		else
			screen = false;
	}
	if (o.next < argc || seconds < 0)
		misuse();
	if (screen && tcgetattr(0, &before) == 0) {
		raw = before;
		raw.c_lflag &= ~(ICANON | ECHO | ISIG);
		tcsetattr(0, TCSANOW, &raw);
	}
	int status = run(rounds, seconds, screen);
	if (screen)
		tcsetattr(0, TCSANOW, &before);
	return done(status);
}
