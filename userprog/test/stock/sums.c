// A program as anyone would write it for a stock toolchain: nothing of ours is
// linked.  Floats, malloc, arguments, exit status.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double *numbers(int count)
{
	double *all = malloc(count * sizeof *all);

	for (int i = 0; all && i < count; i++)
		all[i] = sqrt(i) + sin(i) / 3;
	return all;
}

int main(int argc, char **argv)
{
	double sum = 0, *all = numbers(10000);
	char *text = NULL;

	if (!all)
		return 1;
	for (int i = 0; i < 10000; i++)
		sum += all[i];
	printf("argc %d\n", argc);
	for (int i = 1; i < argc; i++)
		printf("<%s>\n", argv[i]);
	printf("%.6f %e %g %10.3f\n", sum, sum, sum / 1e20, -sum);
	for (int i = 1; i < 200; i++) {
		text = realloc(text, i * 100);
		memset(text, 'a' + i % 26, i * 100);
	}
	printf("%c %c\n", text[0], text[19899]);
	free(text);
	free(all);
	return 7;
}
