// What a program finds on its stack: arguments, environment, auxiliary vector.
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include "again.h"

extern char _start[], **environ;

static void auxiliary(void)
{
	const char *header = (const char *)0x1100000;
	const unsigned char *random = (void *)getauxval(AT_RANDOM);
	int bits = 0;

	printf("page %lu\n", getauxval(AT_PAGESZ));
	printf("entry %d\n", getauxval(AT_ENTRY) == (unsigned long)_start);
	printf("phdr %d phent %lu phnum %d\n",
	       getauxval(AT_PHDR) == (unsigned long)header + 64,
	       getauxval(AT_PHENT),
	       (unsigned short)getauxval(AT_PHNUM) ==
	               *(const unsigned short *)(header + 56));
	for (int i = 0; i < 16; i++)
		bits |= random[i];
	printf("random %d uid %d hwcap %d\n", bits != 0,
	       getauxval(AT_UID) == getuid(),
	       (getauxval(AT_HWCAP) >> ('f' - 'a') & 1) == 1);
}

static int second(int argc, char **argv, char **envp)
{
	int count = 0;

	printf("argc %d end %d aligned %d\n", argc, argv[argc] == NULL,
	       (unsigned long)__builtin_frame_address(0) % 16 == 0);
	for (int i = 1; i < argc; i++)
		printf("argv[%d] <%s>\n", i, argv[i]);
	// The oracle passes them on in another order.
	for (int i = 0; envp[i]; i++)
		count += strncmp(envp[i], "ORACLE", 6) != 0;
	printf("envp %d EMPTY <%s>\n", count, getenv("EMPTY"));
	printf("getenv %s %s\n", getenv("B"), getenv("C") ? "C" : "no C");
	setenv("C", "new", 1);
	unsetenv("A");
	printf("changed %s %s %d\n", getenv("C"), getenv("A") ? "A" : "no A",
	       environ != envp);
	auxiliary();
	return 23;
}

int main(int argc, char **argv, char **envp)
{
	char oracle[256];
	char *args[] = { argv[0],         "second",   "",  "two words",
		         "\"quoted\" $x", "\xc3\xa4", NULL };
	char *env[] = { "A=1", "B=two words", "EMPTY=", oracle, NULL };

	if (argc > 1)
		return second(argc, argv, envp);
	snprintf(oracle, sizeof oracle, "ORACLE=%s",
	         getenv("ORACLE") ? getenv("ORACLE") : "");
	if (!getenv("ORACLE"))
		env[3] = NULL;
	again(args, env);
	perror("execve");
	return 1;
}
