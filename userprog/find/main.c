// Files below directories for which an expression holds.
#include "find.h"
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <tool.h>

TOOL("find",
     "find [PATH...] [EXPRESSION]\n"
     "       tests: -name -iname -path PATTERN, -type bcdflp, -size [+-]N[ckMG]"
     ",\n       -newer FILE, -mtime -mmin -links -inum [+-]N, -perm [-]MODE, "
     "-empty,\n       -samefile FILE; ( ) ! -a -o; -maxdepth -mindepth N, "
     "-depth, -xdev;\n       actions: -print -print0 -prune -delete -quit, "
     "-exec COMMAND ; or {} +");

#define PATH_MOST 4096

long depth_least, depth_most = -1;
bool contents_first, one_device;
int status;
static const struct expression *what;

// The path grows and shrinks in one buffer.
static char path[PATH_MOST];

static void walk(size_t length, size_t name, long depth, unsigned long device);

// The names are read before anything below is visited: an action may remove
// what it sees.
static void walk_below(size_t length, long depth, unsigned long device)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool slash = length && path[length - 1] == '/';

	if (!dir) {
		status = complain(path);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		size_t size = strlen(entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (length + size + 2 > PATH_MOST) {
			message("find: %s/%s: too long\n", path, entry->d_name);
			status = 1;
			continue;
		}
		format(path + length, PATH_MOST - length, "%s%s",
		       slash ? "" : "/", entry->d_name);
		walk(length + !slash + size, length + !slash, depth + 1,
		     device);
		path[length] = '\0';
	}
	closedir(dir);
}

static bool visit(size_t name, const struct linux_stat *st, long depth)
{
	struct visit v = { .path = path, .name = path + name, .st = st };

	if (depth >= depth_least)
		what->holds(what, &v);
	return v.prune;
}

static void walk(size_t length, size_t name, long depth, unsigned long device)
{
	struct linux_stat st;
	bool below;

	if (inode_look(path, false, &st) < 0) {
		status = complain(path);
		return;
	}
	below = S_ISDIR(st.mode) && (depth_most < 0 || depth < depth_most) &&
	        !(one_device && depth && st.dev != device);
	if (!contents_first)
		below &= !visit(name, &st, depth);
	if (below)
		walk_below(length, depth, st.dev);
	if (contents_first)
		visit(name, &st, depth);
}

static void start(const char *at)
{
	const char *slash = strrchr(at, '/');

	if (format(path, sizeof path, "%s", at) >= PATH_MOST)
		die(1, "%s: too long", at);
	walk(strlen(path), slash && slash[1] ? slash + 1 - at : 0, 0, 0);
}

int main(int argc, char **argv)
{
	int count = 1;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		option(&(struct options){ 0 }, argv, "");
	while (argv[count] && !strchr("-!(", argv[count][0]))
		count++;
	what = parse(argv + count);
	if (count == 1)
		start(".");
	for (int i = 1; i < count; i++)
		start(argv[i]);
	finish();
	return done(status);
}
