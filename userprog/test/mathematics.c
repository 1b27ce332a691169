// The mathematics library, and arithmetic that has corners.
#include <fenv.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include "floats.h"

static void functions(void)
{
	for (int i = 1; i <= 10; i++) {
		double x = i * 0.37;

		printf("%.12f %.12f %.12f %.12f\n", sin(x), cos(x), tan(x),
		       atan2(x, 2));
		printf("%.12f %.12f %.12f %.12f\n", exp(x), log(x), pow(x, 1.7),
		       sqrt(x));
		printf("%.12f %.12f %.12f\n", floor(-x), fmod(x * 7, x + 1),
		       hypot(x, x + 1));
	}
}

static void corners(void)
{
	volatile double zero = 0, one = 1;
	volatile long low = LONG_MIN, minus = -1;

	feclearexcept(FE_ALL_EXCEPT);
	printf("%f %d\n", one / zero, !!fetestexcept(FE_DIVBYZERO));
	printf("%d %d\n", isnan(zero / zero), !!fetestexcept(FE_INVALID));
	printf("%f %d\n", one / 3, !!fetestexcept(FE_INEXACT));
	// The hardware does not trap: these are what RISC-V defines.
	__asm__ volatile("div %0, %0, %1" : "+r"(low) : "r"(minus));
	printf("%ld\n", low);
	__asm__ volatile("divu %0, %0, zero" : "+r"(low));
	printf("%lx\n", low);
	for (int mode = 0; mode < 4; mode++) {
		static const int modes[] = { FE_TONEAREST, FE_TOWARDZERO,
			                     FE_DOWNWARD, FE_UPWARD };

		fesetround(modes[mode]);
		printf("%.0f %.0f\n", rint(2.5 * one), rint(-2.5 * one));
	}
	fesetround(FE_TONEAREST);
}

int main(void)
{
	functions();
	corners();
	return 0;
}
