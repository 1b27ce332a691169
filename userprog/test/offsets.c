// Descriptors: what copies of them share, and what not.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long at(int fd)
{
	return lseek(fd, 0, SEEK_CUR);
}

static void sharing(const char *path)
{
	char buffer[100];
	int a = open(path, O_RDONLY), b = dup(a), c = open(path, O_RDONLY);

	read(a, buffer, 10);
	printf("dup %ld open %ld\n", at(b), at(c));
	if (fork() == 0) {
		read(a, buffer, 7);
		_exit(0);
	}
	wait(NULL);
	printf("fork %ld\n", at(b));
	close(a);
	printf("closed %ld %ld\n", at(a), at(b));
	printf("dup2 %d %ld\n", dup2(b, 50), at(50));
	printf("same %d\n", dup2(b, b));
	printf("lowest %d\n", open(path, O_RDONLY) == a);
	close(50);
	close(b);
	close(c);
}

static void flags(const char *path)
{
	int a = open(path, O_RDONLY | O_CLOEXEC), b = fcntl(a, F_DUPFD, 20);
	int c = fcntl(a, F_DUPFD_CLOEXEC, 20);

	printf("cloexec %d %d %d\n", fcntl(a, F_GETFD), fcntl(b, F_GETFD),
	       fcntl(c, F_GETFD));
	printf("numbers %d %d\n", b, c);
	fcntl(b, F_SETFD, FD_CLOEXEC);
	printf("set %d", fcntl(b, F_GETFD));
	fcntl(b, F_SETFD, 0);
	printf(" cleared %d\n", fcntl(b, F_GETFD));
	printf("dup3 %d %d", dup3(a, 30, O_CLOEXEC), fcntl(30, F_GETFD));
	printf(" same %d %s\n", dup3(a, a, 0), strerror(errno));
	printf("access %d\n", fcntl(a, F_GETFL) & O_ACCMODE);
	int null = open("/dev/null", O_WRONLY | O_APPEND);
	printf("append %d mode %d\n", !!(fcntl(null, F_GETFL) & O_APPEND),
	       fcntl(null, F_GETFL) & O_ACCMODE);
	fcntl(null, F_SETFL, O_NONBLOCK);
	printf("nonblock %d append %d\n", !!(fcntl(null, F_GETFL) & O_NONBLOCK),
	       !!(fcntl(null, F_GETFL) & O_APPEND));
	printf("bad %d", dup2(99, 5));
	printf(" %s", strerror(errno));
	printf(" %d", fcntl(a, 9999));
	printf(" %s\n", strerror(errno));
}

static void limit(const char *path)
{
	struct rlimit few = { 64, 64 };
	unsigned long count = 0;
	int fd;

	// A system may have a limit that cannot be changed: it counts, then.
	setrlimit(RLIMIT_NOFILE, &few);
	getrlimit(RLIMIT_NOFILE, &few);
	while ((fd = open(path, O_RDONLY)) >= 0)
		count = fd;
	printf("last is the limit %d %s\n", count + 1 == few.rlim_cur,
	       strerror(errno));
	printf("dup2 beyond %d", dup2(0, few.rlim_cur));
	printf(" %s\n", strerror(errno));
}

int main(int argc, char **argv)
{
	(void)argc;
	setvbuf(stdout, NULL, _IONBF, 0);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	sharing(argv[0]);
	flags(argv[0]);
	limit(argv[0]);
	return 0;
}
