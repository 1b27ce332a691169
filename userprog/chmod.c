// Sets the permissions of files.
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <tool.h>
#include "place.h"

TOOL("chmod", "chmod [-R] MODE FILE...   (755, u+x, go=r, a-w,+x)");

static const char *mode_text;
static bool recursive;

// The classes before + - =; all of them, less what umask takes, for none.
static unsigned parse_who(const char **p)
{
	unsigned who = 0;

	for (;; ++*p)
		switch (**p) {
		case 'u':
			who |= 04700;
			break;
		case 'g':
			who |= 02070;
			break;
		case 'o':
			who |= 01007;
			break;
		case 'a':
			who |= 07777;
			break;
		default:
			return who;
		}
}

static unsigned parse_what(const char **p, unsigned mode)
{
	unsigned what = 0;

	for (;; ++*p)
		switch (**p) {
		case 'r':
			what |= 0444;
			break;
		case 'w':
			what |= 0222;
			break;
		case 'x':
			what |= 0111;
			break;
		case 'X':
			what |= S_ISDIR(mode) || mode & 0111 ? 0111 : 0;
			break;
		case 's':
			what |= 06000;
			break;
		case 't':
			what |= 01000;
			break;
		default:
			return what;
		}
}

// One part between commas.
static unsigned apply(const char **p, unsigned mode)
{
	unsigned who = parse_who(p), mask = who;

	if (!who) {
		mask = umask(0);
		umask(mask);
		mask = ~mask & 0777;
		who = 07777;
	}
	if (!**p || !strchr("+-=", **p))
		misuse();
	while (**p && strchr("+-=", **p)) {
		char op = *(*p)++;
		unsigned what = parse_what(p, mode) & mask & who;

		if (op == '=')
			mode &= ~(who & 0777);
		mode = op == '-' ? mode & ~what : mode | what;
	}
	return mode;
}

static unsigned new_mode(unsigned mode)
{
	const char *p = mode_text;
	unsigned octal = 0;

	while (*p >= '0' && *p <= '7')
		octal = 8 * octal + *p++ - '0';
	if (!*p && p != mode_text && octal <= 07777)
		return octal;
	for (p = mode_text;; p++) {
		mode = apply(&p, mode);
		if (!*p)
			return mode & 07777;
		if (*p != ',')
			misuse();
	}
}

static int change(const char *path);

static int change_below(const char *path)
{
	char below[PATH_SIZE];
	struct dirent *entry;
	int status = 0;

	DIR *dir = opendir(path);
	if (!dir)
		return complain(path);
	while ((entry = readdir(dir)) != NULL) {
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (!place_join(below, path, entry->d_name))
			status = 1;
		else if (lstat(below, &st) == 0 && !S_ISLNK(st.st_mode))
			status |= change(below);
	}
	closedir(dir);
	return status;
}

static int change(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0 || chmod(path, new_mode(st.st_mode)) < 0)
		return complain(path);
	return recursive && S_ISDIR(st.st_mode) ? change_below(path) : 0;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int status = 0;

	// "-x" is a mode, not an option.
	o.next = 1;
	if (argc > 1 && (strcmp(argv[1], "-R") == 0 ||
	                 strcmp(argv[1], "--help") == 0)) {
		o.next = 0;
		recursive = option(&o, argv, "R");
	}
	if (argc - o.next < 2)
		misuse();
	mode_text = argv[o.next++];
	for (int i = o.next; i < argc; i++)
		status |= change(argv[i]);
	return status;
}
