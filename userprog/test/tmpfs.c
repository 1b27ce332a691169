// Files that can be written, in /tmp: what each call answers, and what is there
// afterwards.  Nothing printed depends on the file system.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char home[64];
static struct stat st;

static void show(const char *what, long result)
{
	printf("%s: ", what);
	if (result < 0)
		printf("%s\n", strerror(errno));
	else
		printf("%ld\n", result);
	fflush(stdout);
}

static int make(const char *path, const char *contents)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	write(fd, contents, strlen(contents));
	close(fd);
	return fd < 0 ? -1 : 0;
}

static void contents(const char *path)
{
	char text[100];
	int fd = open(path, O_RDONLY);
	long n = fd < 0 ? -1 : read(fd, text, sizeof text);

	printf("%s ", path);
	if (n < 0)
		printf("(%s)\n", strerror(errno));
	else
		printf("<%.*s>\n", (int)n, text);
	if (fd >= 0)
		close(fd);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path)
{
	char *names[100];
	int count = 0;
	DIR *dir = opendir(path);
	struct dirent *e;

	while (dir && (e = readdir(dir)) != NULL && count < 100)
		names[count++] = strdup(e->d_name);
	if (dir)
		closedir(dir);
	qsort(names, count, sizeof names[0], by_name);
	printf("%s:", path);
	for (int i = 0; i < count; i++) {
		printf(" %s", names[i]);
		free(names[i]);
	}
	printf("\n");
}

static void making(void)
{
	int fd;

	show("make", make("a", "one\n"));
	contents("a");
	show("again", make("a", "other\n"));
	contents("a");
	show("exclusive", open("a", O_WRONLY | O_CREAT | O_EXCL, 0666));
	show("new in none", open("none/a", O_WRONLY | O_CREAT, 0666));
	show("new below a file", open("a/b", O_WRONLY | O_CREAT, 0666));
	show("new with a slash", open("new/", O_WRONLY | O_CREAT, 0666));
	fd = open("a", O_WRONLY | O_APPEND);
	show("append", write(fd, "more\n", 5));
	show("offset", lseek(fd, 0, SEEK_CUR));
	lseek(fd, 0, SEEK_SET);
	show("append", write(fd, "still\n", 6));
	close(fd);
	contents("a");
	umask(027);
	close(open("masked", O_WRONLY | O_CREAT, 0777));
	stat("masked", &st);
	printf("mode %o\n", (unsigned)st.st_mode & 07777);
	umask(022);
	show("unlink", unlink("masked"));
	show("unlink", unlink("masked"));
	list(".");
}

static void directories(void)
{
	show("mkdir", mkdir("d", 0755));
	show("mkdir", mkdir("d", 0755));
	show("mkdir dots", mkdir("d/..", 0755));
	show("mkdir slash", mkdir("d/e/", 0755));
	show("mkdir deep", mkdir("d/none/f", 0755));
	show("unlink", unlink("d"));
	show("rmdir", rmdir("d"));
	show("rmdir dot", rmdir("d/e/."));
	show("rmdir a file", rmdir("a"));
	make("d/e/f", "deep\n");
	contents("d/e/../e/./f");
	list("d/e");
	show("chdir", chdir("d/e"));
	show("unlink", unlink("f"));
	show("rmdir from inside", rmdir("../e"));
	show("new in it", open("x", O_WRONLY | O_CREAT, 0666));
	show("up", chdir(".."));
	list(".");
	show("back", chdir(home));
	show("rmdir", rmdir("d"));
	list(".");
}

static void links(void)
{
	char text[20];

	make("a", "linked\n");
	show("link", link("a", "b"));
	show("link", link("a", "b"));
	show("link none", link("none", "c"));
	mkdir("d", 0755);
	show("link a directory", link("d", "c"));
	stat("b", &st);
	printf("links %d\n", (int)st.st_nlink);
	show("unlink", unlink("a"));
	contents("b");
	stat("b", &st);
	printf("links %d\n", (int)st.st_nlink);
	show("symlink", symlink("b", "s"));
	show("symlink", symlink("b", "s"));
	show("symlink", symlink("", "empty"));
	contents("s");
	show("readlink", readlink("s", text, sizeof text));
	lstat("s", &st);
	printf("link %d size %ld\n", S_ISLNK(st.st_mode), (long)st.st_size);
	symlink("nowhere", "dangling");
	contents("dangling");
	show("exclusive", open("dangling", O_WRONLY | O_CREAT | O_EXCL, 0666));
	show("through it", make("dangling", "made\n"));
	contents("nowhere");
	symlink("loop", "loop");
	show("loop", open("loop", O_WRONLY | O_CREAT, 0666));
	list(".");
	unlink("s");
	unlink("loop");
	unlink("dangling");
	unlink("nowhere");
	rmdir("d");
}

static void renaming(void)
{
	make("x", "x\n");
	make("y", "y\n");
	show("rename", rename("x", "y"));
	contents("x");
	contents("y");
	show("rename none", rename("none", "y"));
	show("rename itself", rename("y", "y"));
	link("y", "z");
	show("rename to a link of it", rename("y", "z"));
	list(".");
	unlink("y");
	mkdir("d", 0755);
	mkdir("d/e", 0755);
	mkdir("f", 0755);
	show("file over directory", rename("z", "d"));
	show("directory over file", rename("d", "z"));
	show("into itself", rename("d", "d/e/g"));
	show("over its own parent", rename("d/e", "d"));
	show("over a full one", rename("f", "d"));
	show("over an empty one", rename("d", "f"));
	list("f");
	make("f/e/x", "moved\n");
	show("across", rename("f/e/x", "x"));
	contents("x");
	show("dot", rename("f/.", "g") < 0);
	show("slash", rename("x", "w/"));
	show("up", rename("f/e", "e"));
	list(".");
	list("e");
	list("f");
	unlink("x");
	unlink("z");
	rmdir("e");
	rmdir("f");
}

static void sizes(void)
{
	char page[4096], byte = 0;
	int fd = open("s", O_RDWR | O_CREAT, 0666);
	long sum = 0;

	write(fd, "0123456789", 10);
	show("shorter", ftruncate(fd, 4));
	show("longer", ftruncate(fd, 8));
	show("read", pread(fd, page, sizeof page, 0));
	printf("%.4s %d %d\n", page, page[4], page[7]);
	show("far out", pwrite(fd, "end", 3, 3000000));
	fstat(fd, &st);
	printf("size %ld\n", (long)st.st_size);
	for (long at = 8; at < 3000000; at += 4096) {
		pread(fd, page, sizeof page, at);
		for (int i = 0; i < 4096 && at + i < 3000000; i++)
			sum += page[i];
	}
	printf("hole %ld\n", sum);
	show("cut", truncate("s", 1000000));
	show("at the end", pread(fd, &byte, 1, 1000000));
	show("longer", truncate("s", 3000003));
	show("zeroes", pread(fd, page, 3, 3000000));
	printf("%d %d %d\n", page[0], page[1], page[2]);
	show("negative", ftruncate(fd, -1));
	close(fd);
	fd = open("s", O_RDONLY);
	show("not for writing", ftruncate(fd, 0));
	show("unlink", unlink("s"));
	fstat(fd, &st);
	printf("links %d size %ld\n", (int)st.st_nlink, (long)st.st_size);
	show("still there", pread(fd, page, 4, 0));
	close(fd);
	show("gone", open("s", O_RDONLY));
	show("directory", truncate(".", 0));
}

static void mapping(void)
{
	int fd = open("m", O_RDWR | O_CREAT, 0666);
	char text[8] = "";
	char *shared, *private;

	ftruncate(fd, 10000);
	shared = mmap(NULL, 12288, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	private = mmap(NULL, 12288, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	memcpy(shared + 5000, "shared", 6);
	show("read", pread(fd, text, 6, 5000));
	printf("%s %.6s\n", text, private + 5000);
	memcpy(private + 5000, "hidden", 6);
	pwrite(fd, "written", 7, 5000);
	printf("%.7s %.6s\n", shared + 5000, private + 5000);
	if (fork() == 0) {
		memcpy(shared, "child", 5);
		memcpy(private, "child", 5);
		_exit(0);
	}
	wait(NULL);
	printf("%.5s %d\n", shared, private[0]);
	close(fd);
	unlink("m");
	memcpy(shared + 9000, "after", 5);
	printf("%.5s\n", shared + 9000);
	munmap(shared, 12288);
	munmap(private, 12288);
}

static void attributes(void)
{
	struct timespec times[2] = { { 1000, 0 }, { 2000, 0 } };
	long before = time(NULL);

	make("t", "x");
	stat("t", &st);
	printf("now %d\n", st.st_mtime >= before - 2 &&
	                           st.st_mtime <= before + 60);
	show("times", utimensat(AT_FDCWD, "t", times, 0));
	stat("t", &st);
	printf("%ld %ld\n", (long)st.st_atime, (long)st.st_mtime);
	show("chmod", chmod("t", 0640));
	stat("t", &st);
	printf("%o\n", (unsigned)st.st_mode);
	make("t", "y");
	stat("t", &st);
	printf("changed %d\n", st.st_mtime >= before - 2);
	show("chmod none", chmod("none", 0644));
	unlink("t");
}

static void fifo(void)
{
	char text[10] = "";
	pid_t pid;
	int fd;

	show("mkfifo", mkfifo("p", 0644));
	stat("p", &st);
	printf("fifo %d\n", S_ISFIFO(st.st_mode));
	fd = open("p", O_WRONLY | O_NONBLOCK);
	show("no reader", fd);
	pid = fork();
	if (pid == 0) {
		fd = open("p", O_WRONLY);
		write(fd, "through", 7);
		_exit(0);
	}
	fd = open("p", O_RDONLY);
	show("read", read(fd, text, sizeof text));
	printf("%s\n", text);
	waitpid(pid, NULL, 0);
	show("end", read(fd, text, sizeof text));
	close(fd);
	unlink("p");
}

int main(void)
{
	snprintf(home, sizeof home, "/tmp/test%d", (int)getpid());
	umask(022);
	if (mkdir(home, 0755) < 0 || chdir(home) < 0) {
		perror(home);
		return 1;
	}
	making();
	directories();
	links();
	renaming();
	sizes();
	mapping();
	attributes();
	fifo();
	unlink("a");
	unlink("b");
	list(".");
	show("leave", chdir("/"));
	show("clean", rmdir(home));
	return 0;
}
