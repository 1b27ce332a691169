// renameat2() with its flags: two names change places, or nothing is replaced.
//   exchange [DIRECTORY]
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HERE (-100) // AT_FDCWD, of which newlib has its own idea
#define NOREPLACE 1
#define EXCHANGE 2

static void show(const char *what, long result)
{
	printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done");
}

static void rename2(const char *from, const char *to, int flags)
{
	char what[64];

	snprintf(what, sizeof what, "%s to %s (%d)", from, to, flags);
	show(what, syscall(SYS_renameat2, HERE, from, HERE, to, flags));
}

static void make(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	if (write(fd, text, strlen(text)) < 0)
		show("write", -1);
	close(fd);
}

// What the name leads to: its type, its links, and for a directory whether its
// ".." is the one that has it.
static void look(const char *path)
{
	struct stat st, up, parent;
	char text[64];

	if (lstat(path, &st) < 0) {
		show(path, -1);
		return;
	}
	snprintf(text, sizeof text, "%s/..", path);
	stat(text, &up);
	snprintf(text, sizeof text, "%s", path);
	*strrchr(text, '/') = 0;
	stat(text, &parent);
	printf("%s: %o, %d links", path, (unsigned)st.st_mode & S_IFMT,
	       (int)st.st_nlink);
	if (S_ISDIR(st.st_mode))
		printf(", parent %s", up.st_ino == parent.st_ino ? "right"
		                                                 : "wrong");
	printf("\n");
}

static void tree(void)
{
	static const char *const names[] = {
		"./a", "./b", "./d", "./e", "./d/x", "./d/y", "./e/x", "./e/y",
		"./d/y/z", "./e/y/z", "./a/z",
	};

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		look(names[i]);
}

int main(int argc, char **argv)
{
	if (chdir(argc == 2 ? argv[1] : "/tmp") < 0 ||
	    mkdir("exchanging", 0755) < 0 || chdir("exchanging") < 0) {
		show("a directory to work in", -1);
		return 1;
	}
	make("a", "a");
	make("b", "bb");
	mkdir("d", 0755);
	mkdir("e", 0755);
	make("d/x", "x");
	mkdir("d/y", 0755);
	make("d/y/z", "z");
	rename2("a", "b", NOREPLACE);
	rename2("a", "none", EXCHANGE);
	rename2("none", "a", EXCHANGE);
	rename2("a", "b", NOREPLACE | EXCHANGE);
	rename2("a", "b", 8);
	rename2("d", "d/y", EXCHANGE);
	rename2("d/y", "d", EXCHANGE);
	rename2("a/", "b", EXCHANGE);
	rename2(".", "b", EXCHANGE);
	tree();
	rename2("a", "b", EXCHANGE);
	rename2("a", "a", EXCHANGE);
	rename2("a", "d/y", EXCHANGE);
	tree();
	rename2("d", "e", EXCHANGE);
	rename2("e/x", "d", EXCHANGE);
	tree();
	rename2("b", "b2", NOREPLACE);
	rename2("b2", "b", NOREPLACE);
	unlink("a/z");
	rmdir("a");
	unlink("b");
	unlink("d");
	unlink("e/y");
	rmdir("e/x");
	rmdir("e");
	show("all is gone", chdir("..") < 0 ? -1 : rmdir("exchanging"));
	return 0;
}
