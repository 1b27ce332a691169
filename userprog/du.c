// What files and directories take on the disk.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tool.h>
#include "inode.h"
#include "place.h"

TOOL("du", "du [-abchksx] [-d DEPTH] [FILE...]");

static bool all, bytes, human, one_device;
static long depth_most = -1;
static int status;

// Files with more names than one count once.
struct name {
	unsigned long ino, dev;
};
static struct name *seen;
static size_t seen_count, seen_room;

static bool was_seen(const struct linux_stat *st)
{
	if (st->nlink < 2 || S_ISDIR(st->mode))
		return false;
	for (size_t i = 0; i < seen_count; i++)
		if (seen[i].ino == st->ino && seen[i].dev == st->dev)
			return true;
	if (seen_count == seen_room) {
		seen_room = seen_room ? 2 * seen_room : 64;
		seen = realloc(seen, seen_room * sizeof *seen);
		if (!seen)
			die(1, "out of memory");
	}
	seen[seen_count++] = (struct name){ st->ino, st->dev };
	return false;
}

// size: in bytes; what is begun of a unit counts.
static void show(unsigned long size, const char *path)
{
	static const char units[] = "KMGT";
	unsigned long tenths = (size * 10 + 1023) / 1024;
	int unit = 0;

	if (bytes) {
		print("%lu\t%s\n", size, path);
		return;
	}
	if (!human) {
		print("%lu\t%s\n", (size + 1023) / 1024, path);
		return;
	}
	for (; tenths >= 10240 && unit < 3; unit++)
		tenths = (tenths + 1023) / 1024;
	if (tenths == 0)
		print("0\t%s\n", path);
	else if (tenths < 100)
		print("%lu.%lu%c\t%s\n", tenths / 10, tenths % 10, units[unit],
		      path);
	else
		print("%lu%c\t%s\n", (tenths + 9) / 10, units[unit], path);
}

static unsigned long add(const char *path, long depth, unsigned long device);

static unsigned long add_below(const char *path, long depth,
                               unsigned long device)
{
	char below[PATH_SIZE];
	struct dirent *entry;
	unsigned long size = 0;

	DIR *dir = opendir(path);
	if (!dir) {
		status = complain(path);
		return 0;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		// "x/" needs no second slash.
		if (path[strlen(path) - 1] == '/' &&
		    format(below, sizeof below, "%s%s", path, entry->d_name) <
			    PATH_SIZE)
			size += add(below, depth + 1, device);
		else if (place_join(below, path, entry->d_name))
			size += add(below, depth + 1, device);
		else
			status = 1;
	}
	closedir(dir);
	return size;
}

static unsigned long add(const char *path, long depth, unsigned long device)
{
	struct linux_stat st;
	unsigned long size;

	if (inode_look(path, false, &st) < 0) {
		status = complain(path);
		return 0;
	}
	if (was_seen(&st) || (one_device && depth && st.dev != device))
		return 0;
	size = bytes ? (unsigned long)st.size : 512ul * st.blocks;
	if (S_ISDIR(st.mode))
		size += add_below(path, depth, st.dev);
	if (depth == 0 || ((all || S_ISDIR(st.mode)) &&
	                   (depth_most < 0 || depth <= depth_most)))
		show(size, path);
	return size;
}

int main(int argc, char **argv)
{
	static char *here[] = { ".", NULL };
	struct options o = { 0 };
	unsigned long total = 0;
	bool sum = false;

	for (int letter; (letter = option(&o, argv, "abchksxd:"));) {
		all |= letter == 'a';
		bytes |= letter == 'b';
		sum |= letter == 'c';
		human |= letter == 'h';
		one_device |= letter == 'x';
		if (letter == 's')
			depth_most = 0;
		if (letter == 'd')
			depth_most = need_number(o.arg);
	}
	char **paths = o.next < argc ? argv + o.next : here;
	for (int i = 0; paths[i]; i++)
		total += add(paths[i], 0, 0);
	if (sum)
		show(total, "total");
	return done(status);
}
