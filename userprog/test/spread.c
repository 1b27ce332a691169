// Two workers at once, each with the same work: how long does it take?  For
// `make bench-harts`.  Prints "spread KIND MICROSECONDS", the best of three;
// of one kind only, if it is named, or of all.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS 2
#define TURNS   3

static void compute(void)
{
	for (volatile long i = 0; i < 30000000; i++)
		;
}

static void ask(void)
{
	for (int i = 0; i < 300000; i++)
		getpid();
}

static void talk(void)
{
	int there[2], back[2];
	char byte = 0;

	if (pipe(there) || pipe(back))
		_exit(1);
	if (fork() == 0) {
		close(there[1]);
		while (read(there[0], &byte, 1) == 1)
			if (write(back[1], &byte, 1) != 1)
				_exit(1);
		_exit(0);
	}
	for (int i = 0; i < 20000; i++)
		if (write(there[1], &byte, 1) != 1 ||
		    read(back[0], &byte, 1) != 1)
			_exit(1);
	close(there[1]);
	wait(NULL);
}

static void bear(void)
{
	for (int i = 0; i < 1500; i++) {
		if (fork() == 0)
			_exit(0);
		wait(NULL);
	}
}

static const struct {
	const char *name;
	void (*work)(void);
} kinds[] = {
	{ "cpu", compute },
	{ "getpid", ask },
	{ "pipe", talk },
	{ "fork", bear },
};

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static long turn(void (*work)(void))
{
	long start = now();

	for (int i = 0; i < WORKERS; i++)
		if (fork() == 0) {
			work();
			_exit(0);
		}
	for (int i = 0; i < WORKERS; i++)
		wait(NULL);
	return now() - start;
}

int main(int argc, char **argv)
{
	for (unsigned k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		long best = 0;

		if (argc > 1 && strcmp(argv[1], kinds[k].name) != 0)
			continue;
		for (int i = 0; i < TURNS; i++) {
			long took = turn(kinds[k].work);
			if (best == 0 || took < best)
				best = took;
		}
		printf("spread %s %ld\n", kinds[k].name, best);
		fflush(stdout);
	}
	return 0;
}
