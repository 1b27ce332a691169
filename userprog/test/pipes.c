// Pipes: order, ends, blocking, atomic writes, what is lost when somebody dies.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static int await(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

static void simple(void)
{
	char buffer[20] = "";
	int ends[2];
	struct stat st;

	printf("pipe %d", pipe(ends));
	printf(" write %ld", (long)write(ends[1], "hello", 5));
	printf(" read %ld", (long)read(ends[0], buffer, 3));
	printf(" %s", buffer);
	printf(" rest %ld\n", (long)read(ends[0], buffer, 20));
	fstat(ends[0], &st);
	printf("fifo %d seek %ld", S_ISFIFO(st.st_mode),
	       (long)lseek(ends[0], 0, SEEK_SET));
	printf(" %d\n", errno == ESPIPE);
	printf("wrong way %ld", (long)write(ends[0], "x", 1));
	printf(" %d", errno == EBADF);
	printf(" %ld", (long)read(ends[1], buffer, 1));
	printf(" %d\n", errno == EBADF);
	close(ends[1]);
	printf("end %ld\n", (long)read(ends[0], buffer, 20));
	close(ends[0]);
}

static void broken(void)
{
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	pipe(ends);
	close(ends[0]);
	printf("broken %ld", (long)write(ends[1], "x", 1));
	printf(" %d\n", errno == EPIPE);
	close(ends[1]);
	signal(SIGPIPE, SIG_DFL);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		pipe(ends);
		close(ends[0]);
		write(ends[1], "x", 1);
		_exit(0);
	}
	printf("by signal %d\n", await(pid) == 128 + SIGPIPE);
}

static void not_blocking(void)
{
	static char page[4096];
	int ends[2], pages = 0;
	ssize_t n;

	pipe(ends);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	printf("empty %ld", (long)read(ends[0], page, 1));
	printf(" %d", errno == EAGAIN);
	while ((n = write(ends[1], page, sizeof page)) == sizeof page)
		pages++;
	printf(" full after %d KiB %ld", pages * 4, (long)n);
	printf(" %d\n", errno == EAGAIN);
	// Room for less than one atomic write: nothing is written.
	read(ends[0], page, 100);
	printf("a little room %ld", (long)write(ends[1], page, 4096));
	printf(" %d\n", errno == EAGAIN);
	close(ends[0]);
	close(ends[1]);
}

// Much more than fits, both sides in steps that never match.
static void bulk(void)
{
	enum { TOTAL = 3000000 };
	static char out[7001], in[5003];
	unsigned long sent = 0, got = 0, bad = 0;
	int ends[2];
	ssize_t n;

	pipe(ends);
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		while (sent < TOTAL) {
			unsigned long part = TOTAL - sent < sizeof out
			                             ? TOTAL - sent
			                             : sizeof out;
			for (unsigned long i = 0; i < part; i++)
				out[i] = (sent + i) * 31 >> 3;
			n = write(ends[1], out, part);
			if (n <= 0)
				_exit(1);
			sent += n;
		}
		_exit(0);
	}
	close(ends[1]);
	while ((n = read(ends[0], in, sizeof in)) > 0)
		for (ssize_t i = 0; i < n; i++, got++)
			bad += in[i] != (char)(got * 31 >> 3);
	close(ends[0]);
	printf("bulk %lu bad %lu writer %d\n", got, bad, await(pid));
}

// Several writers whose records must not be mixed.
static void atomic(void)
{
	enum { WRITERS = 4,
	       RECORDS = 200,
	       SIZE = 512 };
	char record[SIZE];
	int ends[2], counts[WRITERS] = { 0 }, mixed = 0;
	pid_t pids[WRITERS];

	pipe(ends);
	for (int w = 0; w < WRITERS; w++) {
		pids[w] = fork();
		if (pids[w] > 0)
			continue;
		memset(record, 'A' + w, SIZE);
		for (int i = 0; i < RECORDS; i++)
			write(ends[1], record, SIZE);
		_exit(0);
	}
	close(ends[1]);
	for (;;) {
		ssize_t have = 0, n = 1;

		while (have < SIZE && n > 0) {
			n = read(ends[0], record + have, SIZE - have);
			have += n > 0 ? n : 0;
		}
		if (have < SIZE)
			break;
		for (int i = 1; i < SIZE; i++)
			mixed += record[i] != record[0];
		counts[record[0] - 'A']++;
	}
	close(ends[0]);
	for (int w = 0; w < WRITERS; w++)
		await(pids[w]);
	printf("records %d %d %d %d mixed %d\n", counts[0], counts[1],
	       counts[2], counts[3], mixed);
}

// A reader that is killed while it waits takes nothing with it.
static void killed_reader(void)
{
	char buffer[10];
	int ends[2];

	pipe(ends);
	pid_t pid = fork();
	if (pid == 0)
		_exit(read(ends[0], buffer, 10));
	nap(20);
	kill(pid, SIGKILL);
	printf("reader %d", await(pid) == 128 + SIGKILL);
	write(ends[1], "safe", 4);
	printf(" %ld\n", (long)read(ends[0], buffer, 10));
	close(ends[0]);
	close(ends[1]);
}

// A line of processes: what goes in at one end comes out at the other.
static void chain(void)
{
	int first[2], in, ends[2];
	char c = 1;

	pipe(first);
	in = first[0];
	for (int i = 0; i < 20; i++) {
		pipe(ends);
		if (fork() == 0) {
			close(first[1]);
			while (read(in, &c, 1) == 1) {
				c++;
				write(ends[1], &c, 1);
			}
			_exit(0);
		}
		close(ends[1]);
		close(in);
		in = ends[0];
	}
	write(first[1], &c, 1);
	read(in, &c, 1);
	printf("chain %d", c);
	close(first[1]);
	printf(" ends %ld\n", (long)read(in, &c, 1));
	close(in);
	while (wait(NULL) > 0)
		;
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 1024);
	simple();
	broken();
	not_blocking();
	bulk();
	atomic();
	killed_reader();
	chain();
	return 0;
}
