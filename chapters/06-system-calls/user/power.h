// BASE to the power of ROUNDS modulo M, and nothing said until it is found.
#include "user.h"

#define M 998244353ul

int main(void)
{
	uint64_t power = 1;

	for (long i = 0; i < ROUNDS; i++)
		power = power * BASE % M;
	print_number(BASE);
	print("^");
	print_number(ROUNDS);
	print(" = ");
	print_number(power);
	print(" (modulo 998244353)\n");
	return 0;
}
