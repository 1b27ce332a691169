// Pipes by Linux's own means, and what becomes of bytes when somebody is killed
// in the middle.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef F_SETPIPE_SZ
#define F_SETPIPE_SZ 1031
#define F_GETPIPE_SZ 1032
#endif
#ifndef FIONREAD
#define FIONREAD 0x541b
#endif

static char buffer[1 << 20];
static int ends[2];

static void show(const char *what, long result)
{
	printf("%s: ", what);
	if (result < 0)
		printf("%s\n", strerror(errno));
	else
		printf("%ld\n", result);
	fflush(stdout);
}

static void nap(long ms)
{
	struct timespec t = { 0, ms * 1000000 };

	nanosleep(&t, NULL);
}

static int waiting(void)
{
	int count = -1;

	ioctl(ends[0], FIONREAD, &count);
	return count;
}

// Byte n of what is written; no power of two.
static char pattern(long n)
{
	return n % 251;
}

static void fill(void)
{
	for (long i = 0; i < (long)sizeof buffer; i++)
		buffer[i] = pattern(i);
}

static int matches(const char *bytes, long count, long from)
{
	for (long i = 0; i < count; i++)
		if (bytes[i] != pattern(from + i))
			return 0;
	return 1;
}

static void sizes(void)
{
	char text[5000];
	struct stat st;

	pipe(ends);
	fstat(ends[0], &st);
	printf("fifo %d\n", S_ISFIFO(st.st_mode));
	show("size", fcntl(ends[0], F_GETPIPE_SZ));
	write(ends[1], buffer, 3000);
	show("smaller", fcntl(ends[1], F_SETPIPE_SZ, 4096));
	show("waiting", waiting());
	show("larger", fcntl(ends[1], F_SETPIPE_SZ, 100000));
	show("size", fcntl(ends[0], F_GETPIPE_SZ));
	show("more", write(ends[1], buffer + 3000, 60000));
	show("too small", fcntl(ends[1], F_SETPIPE_SZ, 4096));
	show("read", read(ends[0], text, 5000));
	printf("matches %d\n", matches(text, 5000, 0));
	show("waiting", waiting());
	show("seek", lseek(ends[0], 0, SEEK_CUR));
	show("pread", pread(ends[0], text, 1, 0));
	show("write to a reader", write(ends[0], text, 1));
	show("read a writer", read(ends[1], text, 1));
	close(ends[1]);
	show("rest", read(ends[0], buffer, 100000));
	show("end", read(ends[0], buffer, 1));
	close(ends[0]);
	fill();
}

// What was written by one who is killed is there, and nothing else.
static void killed_writer(void)
{
	static char got[1 << 20];
	long total = 0, n;
	pid_t pid;

	pipe(ends);
	pid = fork();
	if (pid == 0) {
		write(ends[1], buffer, sizeof buffer);
		_exit(0);
	}
	close(ends[1]);
	while (total < 100000)
		total += read(ends[0], got + total, 30000);
	nap(20);
	kill(pid, SIGKILL);
	wait(NULL);
	while ((n = read(ends[0], got + total, 30000)) > 0)
		total += n;
	printf("killed writer: matches %d, some missing %d, end %ld\n",
	       matches(got, total, 0), total < (long)sizeof buffer, n);
	close(ends[0]);
}

// One who waits with a buffer is killed: the next one gets every byte.
static void killed_reader(void)
{
	char text[300];
	pid_t pid;

	pipe(ends);
	pid = fork();
	if (pid == 0) {
		read(ends[0], text, sizeof text);
		_exit(0);
	}
	nap(20);
	kill(pid, SIGKILL);
	wait(NULL);
	write(ends[1], buffer, 200);
	show("killed reader", read(ends[0], text, sizeof text));
	printf("matches %d\n", matches(text, 200, 0));
	close(ends[0]);
	close(ends[1]);
}

// Writers of up to PIPE_BUF do not mix.
static void atomic(void)
{
	static char got[4096];
	int mixed = 0, count = 0;
	long n, have = 0;

	pipe(ends);
	for (int w = 0; w < 4; w++) {
		if (fork())
			continue;
		memset(got, 'a' + w, sizeof got);
		for (int i = 0; i < 50; i++)
			write(ends[1], got, 1000);
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], got + have, 1000 - have)) > 0) {
		have += n;
		if (have < 1000)
			continue;
		for (int i = 1; i < 1000; i++)
			mixed += got[i] != got[0];
		have = 0;
		count++;
	}
	while (wait(NULL) > 0)
		;
	printf("atomic: %d pieces, mixed %d\n", count, mixed);
	close(ends[0]);
}

static void nonblocking(void)
{
	pipe(ends);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	show("empty", read(ends[0], buffer, 1));
	show("too much", write(ends[1], buffer, 100000));
	show("full", write(ends[1], buffer, 1));
	show("some", read(ends[0], buffer, 4096));
	show("more than fits", write(ends[1], buffer, 100000));
	show("all", read(ends[0], buffer, 200000));
	signal(SIGPIPE, SIG_IGN);
	close(ends[0]);
	show("broken", write(ends[1], buffer, 1));
	show("nothing", write(ends[1], buffer, 0));
	close(ends[1]);
}

int main(void)
{
	fill();
	sizes();
	killed_writer();
	killed_reader();
	atomic();
	nonblocking();
	return 0;
}
