// Descriptors that mean the same file: what they share, and what is each one's.
#define _GNU_SOURCE // dup3()
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *error(long result)
{
	return result < 0 ? strerror(errno) : "done";
}

static int at(int fd)
{
	return lseek(fd, 0, SEEK_CUR);
}

// The offset is the file's, and one more open() has another.
static void offsets(const char *path)
{
	int a = open(path, O_RDONLY), b = dup(a), c = open(path, O_RDONLY);
	char buffer[100];

	read(a, buffer, 10);
	printf("shared %d %d apart %d\n", at(a), at(b), at(c));
	lseek(b, 50, SEEK_SET);
	printf("seek %d %d\n", at(a), at(b));
	close(a);
	read(b, buffer, 5);
	printf("after close %d\n", at(b));
	if (fork() == 0) {
		read(b, buffer, 5);
		_exit(0);
	}
	wait(NULL);
	printf("a child reads %d\n", at(b));
	close(b);
	close(c);
}

static void numbers(const char *path)
{
	int fd = open(path, O_RDONLY);
	int low = dup(fd);

	close(low);
	printf("the lowest %d\n", dup(fd) == low);
	printf("dup2 %d", dup2(fd, 100));
	printf(" onto an open one %d", dup2(fd, low));
	printf(" onto itself %d\n", dup2(fd, fd) == fd);
	printf("from nothing %s,", error(dup2(99, 5)));
	printf(" to nowhere %s,", error(dup2(fd, -1)));
	printf(" too high %s,", error(dup2(fd, 1 << 24)));
	printf(" nothing onto itself %s\n", error(dup2(99, 99)));
	printf("dup3 onto itself %s,", error(dup3(fd, fd, 0)));
	printf(" bad flags %s,", error(dup3(fd, 101, O_APPEND)));
	printf(" good ones %d\n", dup3(fd, 101, O_CLOEXEC));
	printf("F_DUPFD %d", fcntl(fd, F_DUPFD, 100));
	printf(" %d", fcntl(fd, F_DUPFD, 100));
	printf(" %s\n", error(fcntl(fd, F_DUPFD, -1)));
	printf("F_DUPFD_CLOEXEC %d\n", fcntl(fd, F_DUPFD_CLOEXEC, 110));
	for (int i = 100; i <= 110; i++)
		if (fcntl(i, F_GETFD) >= 0)
			printf("%d closes %d, ", i, fcntl(i, F_GETFD));
	printf("\n");
	for (int i = 100; i <= 110; i++)
		close(i);
	close(low);
	close(fd);
}

// Flags of the descriptor are its own, those of the file are shared.
static void flags(void)
{
	int ends[2], twin;
	char c;

	if (pipe(ends) < 0)
		return;
	twin = dup(ends[0]);
	fcntl(twin, F_SETFD, FD_CLOEXEC);
	printf("close-on-exec %d %d\n", fcntl(ends[0], F_GETFD),
	       fcntl(twin, F_GETFD));
	fcntl(twin, F_SETFL, O_NONBLOCK);
	printf("nonblock %d %d\n", !!(fcntl(ends[0], F_GETFL) & O_NONBLOCK),
	       !!(fcntl(ends[1], F_GETFL) & O_NONBLOCK));
	printf("read %s\n", error(read(ends[0], &c, 1)));
	close(ends[1]);
	close(ends[0]);
	printf("the twin lives %ld\n", (long)read(twin, &c, 1));
	close(twin);
}

// A pipe ends when the last copy of its end is closed.
static void last_copy(void)
{
	int ends[2], copies[3];
	char c;

	if (pipe(ends) < 0)
		return;
	for (int i = 0; i < 3; i++)
		copies[i] = dup(ends[1]);
	close(ends[1]);
	for (int i = 0; i < 3; i++) {
		printf("write %ld ", (long)write(copies[i], "x", 1));
		close(copies[i]);
	}
	for (int i = 0; i < 4; i++)
		printf("read %ld ", (long)read(ends[0], &c, 1));
	printf("\n");
	close(ends[0]);
}

// As a shell does it: output to elsewhere, and back.
static void redirected(void)
{
	char buffer[40] = "";
	int ends[2], saved;

	if (pipe(ends) < 0)
		return;
	fflush(stdout);
	saved = fcntl(1, F_DUPFD_CLOEXEC, 10);
	dup2(ends[1], 1);
	close(ends[1]);
	printf("into the pipe\n");
	fflush(stdout);
	if (fork() == 0) {
		write(1, "and a child\n", 12);
		_exit(0);
	}
	wait(NULL);
	dup2(saved, 1);
	close(saved);
	ssize_t n = read(ends[0], buffer, sizeof buffer - 1);
	printf("%ld: %s", (long)n, buffer);
	printf("at the end %ld\n", (long)read(ends[0], buffer, 1));
	close(ends[0]);
}

static void many(void)
{
	int fd = fcntl(0, F_DUPFD, 400), last = fd;

	for (int i = 0; i < 200; i++)
		last = fcntl(0, F_DUPFD, 400);
	printf("in a row %d\n", last - fd);
	for (int i = fd; i <= last; i++)
		close(i);
	printf("closed twice %s\n", error(close(fd)));
}

int main(int argc, char **argv)
{
	(void)argc;
	offsets(argv[0]);
	numbers(argv[0]);
	flags();
	last_copy();
	redirected();
	many();
	return 0;
}
