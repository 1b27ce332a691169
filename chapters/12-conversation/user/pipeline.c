// Three processes and two pipes: one counts, one squares, one adds up.  Each
// sleeps while it has nothing to read, or no room to write.
#include <stdio.h>
#include <unistd.h>

#define NUMBERS 20000

static void count(int to)
{
	for (long i = 1; i <= NUMBERS; i++)
		write(to, &i, sizeof i);
}

static void square(int from, int to)
{
	long i;

	while (read(from, &i, sizeof i) == sizeof i) {
		i *= i;
		write(to, &i, sizeof i);
	}
}

static void add(int from)
{
	long i, sum = 0, n = 0;

	for (; read(from, &i, sizeof i) == sizeof i; n++)
		sum += i;
	printf("pipeline: %ld squares, their sum is %ld\n", n, sum);
}

int main(void)
{
	int first[2], second[2];

	pipe(first);
	pipe(second);
	if (fork() == 0) {
		count(first[1]);
		return 0;
	}
	close(first[1]); // else its reader waits for us
	if (fork() == 0) {
		square(first[0], second[1]);
		return 0;
	}
	close(second[1]);
	add(second[0]);
	return 0;
}
