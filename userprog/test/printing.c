// printf and scanf, floats included.
#include <stdio.h>
#include <stdlib.h>
#include "floats.h"

int main(void)
{
	double values[] = { 0.0,   1.0,   -1.5,       3.14159265358979,
		            1e10,  1e-10, 123456.789, 1.0 / 3,
		            2e300, -0.0 };
	int i, a, b;
	float f;
	char word[20];

	for (unsigned v = 0; v < sizeof values / sizeof *values; v++)
		printf("%f %e %g %.3f %10.2f|%-10.1f|\n", values[v], values[v],
		       values[v], values[v], values[v], values[v]);
	for (i = -3; i <= 3; i++)
		printf("%d %5d %-5d| %05d %+d %x %X %o %u\n", i, i, i, i, i, i,
		       i, i, i);
	printf("%s|%10s|%-10s|%.3s|%c|%%|%p\n", "text", "right", "left",
	       "cut off", 'c', (void *)0x1234);
	printf("%ld %lx %lu\n", -1234567890123L, 0xfedcba9876543210UL,
	       18446744073709551615UL);
	printf("%d\n",
	       sscanf("12 34 word 5.5", "%d %d %19s %f", &a, &b, word, &f));
	printf("%d %d %s %.2f\n", a, b, word, f);
	printf("%.10f %.4f %ld\n", strtod("2.718281828459045", NULL),
	       atof("-12.5e-1"), strtol("0x7fff", NULL, 0));
	for (i = 0; i < 2000; i++) // more than any buffer holds
		printf("%d,", i);
	printf("\n");
	return 0;
}
