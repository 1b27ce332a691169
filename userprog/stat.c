// Tells all that is known of files, or of the file systems that they are on.
#include <string.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "inode.h"

TOOL("stat", "stat [-Lft] [-c FORMAT] FILE...\n"
             "       FORMAT: %n %N %s %b %B %o %f %a %A %F %u %g %U %G %h %i "
             "%d %D %t %T %x %y %z %X %Y %Z;\n"
             "       with -f: %n %i %l %t %s %S %b %f %a %c %d");

static bool follow;

static void show_time(long seconds, long nanoseconds)
{
	time_t when = seconds;
	struct tm tm;

	gmtime_r(&when, &tm);
	print("%d-%02d-%02d %02d:%02d:%02d.%09ld +0000", tm.tm_year + 1900,
	      tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	      nanoseconds);
}

static void show_name(const char *path, const struct linux_stat *st)
{
	char target[512];
	ssize_t n = -1;

	print("'%s'", path);
	if ((st->mode & 0170000) == 0120000)
		n = readlink(path, target, sizeof target);
	if (n >= 0)
		print(" -> '%.*s'", (int)n, target);
}

static const char *user(unsigned id)
{
	return id ? "UNKNOWN" : "root";
}

static void show_number(char letter, const struct linux_stat *st)
{
	const struct {
		char letter;
		const char *format;
		unsigned long value;
	} numbers[] = {
		{ 's', "%lu", st->size },
		{ 'b', "%lu", st->blocks },
		{ 'B', "%lu", 512 },
		{ 'o', "%lu", st->blksize },
		{ 'f', "%lx", st->mode },
		{ 'a', "%lo", st->mode & 07777 },
		{ 'u', "%lu", st->uid },
		{ 'g', "%lu", st->gid },
		{ 'h', "%lu", st->nlink },
		{ 'i', "%lu", st->ino },
		{ 'd', "%lu", st->dev },
		{ 'D', "%lx", st->dev },
		{ 't', "%lx", st->rdev >> 8 & 0xfff },
		{ 'T', "%lx", (st->rdev & 0xff) | (st->rdev >> 12 & 0xfff00) },
		{ 'X', "%lu", st->atime },
		{ 'Y', "%lu", st->mtime },
		{ 'Z', "%lu", st->ctime },
	};

	for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (numbers[i].letter == letter) {
			print(numbers[i].format, numbers[i].value);
			return;
		}
	print("?");
}

static void show_one(char letter, const char *path, const void *about)
{
	const struct linux_stat *st = about;
	char mode[11];

	switch (letter) {
	case 'n':
		print("%s", path);
		break;
	case 'N':
		show_name(path, st);
		break;
	case 'A':
		inode_mode(st->mode, mode);
		print("%s", mode);
		break;
	case 'F':
		print("%s", inode_type(st));
		break;
	case 'U':
		print("%s", user(st->uid));
		break;
	case 'G':
		print("%s", user(st->gid));
		break;
	case 'x':
		show_time(st->atime, st->atime_ns);
		break;
	case 'y':
		show_time(st->mtime, st->mtime_ns);
		break;
	case 'z':
		show_time(st->ctime, st->ctime_ns);
		break;
	default:
		show_number(letter, st);
	}
}

static void show_all(const char *path, const struct linux_stat *st)
{
	char mode[11];

	inode_mode(st->mode, mode);
	print("  File: %s", path);
	if (mode[0] == 'l') {
		char target[512];
		ssize_t n = readlink(path, target, sizeof target);

		print(" -> %.*s", n > 0 ? (int)n : 0, target);
	}
	print("\n  Size: %-10ld\tBlocks: %-10ld IO Block: %-6d %s\n", st->size,
	      st->blocks, st->blksize, inode_type(st));
	print("Device: %lu,%lu\tInode: %-11lu Links: %u", st->dev >> 8 & 0xfff,
	      st->dev & 0xff, st->ino, st->nlink);
	if (mode[0] == 'c' || mode[0] == 'b')
		print("     Device type: %lu,%lu", st->rdev >> 8 & 0xfff,
		      st->rdev & 0xff);
	print("\nAccess: (%04o/%s)  Uid: (%5u/%8s)   Gid: (%5u/%8s)\nAccess: ",
	      st->mode & 07777, mode, st->uid, user(st->uid), st->gid,
	      user(st->gid));
	show_time(st->atime, st->atime_ns);
	print("\nModify: ");
	show_time(st->mtime, st->mtime_ns);
	print("\nChange: ");
	show_time(st->ctime, st->ctime_ns);
	print("\n Birth: -\n");
}

// ---- file systems ----

static void show_volume(char letter, const char *path, const void *about)
{
	const struct linux_statfs *v = about;

	switch (letter) {
	case 'n':
		print("%s", path);
		break;
	case 'i':
		print("%lx", (unsigned long)v->id[0] << 32 | v->id[1]);
		break;
	case 't':
		print("%lx", v->type);
		break;
	default:
		print("%lu", letter == 'l'   ? v->name_longest
		             : letter == 's' ? v->block_size
		             : letter == 'S' ? v->fragment_size
		             : letter == 'b' ? v->blocks
		             : letter == 'f' ? v->free
		             : letter == 'a' ? v->available
		             : letter == 'c' ? v->files
		                             : v->files_free);
	}
}

static void show_volume_all(const char *path, const struct linux_statfs *v)
{
	print("  File: \"%s\"\n    ID: %-8lx Namelen: %-7lu Type: %lx\n", path,
	      (unsigned long)v->id[0] << 32 | v->id[1], v->name_longest,
	      v->type);
	print("Block size: %-10lu Fundamental block size: %lu\n", v->block_size,
	      v->fragment_size);
	print("Blocks: Total: %-10lu Free: %-10lu Available: %lu\n", v->blocks,
	      v->free, v->available);
	print("Inodes: Total: %-10lu Free: %lu\n", v->files, v->files_free);
}

// ---- all of it ----

// What is told of a file or a volume, by the letter behind a %.
typedef void show(char letter, const char *path, const void *about);

static void show_format(const char *format, const char *path, show *one,
                        const void *about)
{
	for (const char *f = format; *f; f++)
		if (*f != '%' || !f[1])
			putch(*f);
		else if (*++f == '%')
			putch('%');
		else
			one(*f, path, about);
	putch('\n');
}

static int tell_volume(const char *path, const char *format)
{
	struct linux_statfs v;

	if (inode_volume(path, &v) < 0)
		return complain(path);
	if (format)
		show_format(format, path, show_volume, &v);
	else
		show_volume_all(path, &v);
	return 0;
}

static int tell(const char *path, const char *format)
{
	struct linux_stat st;

	if (inode_look(path, follow, &st) < 0)
		return complain(path);
	if (format)
		show_format(format, path, show_one, &st);
	else
		show_all(path, &st);
	return 0;
}

int main(int argc, char **argv)
{
	static const char terse[] = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z "
	                            "0 %o";
	struct options o = { 0 };
	const char *format = NULL;
	bool volume = false;
	int status = 0;

	for (int letter; (letter = option(&o, argv, "Lftc:"));) {
		follow |= letter == 'L';
		volume |= letter == 'f';
		if (letter == 'c')
			format = o.arg;
		else if (letter == 't')
			format = terse;
	}
	if (o.next == argc)
		misuse();
	for (int i = o.next; i < argc; i++)
		status |= (volume ? tell_volume : tell)(argv[i], format);
	return done(status);
}
