// Reads a file through stdio with newlib's own system calls, which are not all
// Linux's: open() is number 1024 there.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	unsigned long bytes = 0, sum = 0;
	char line[80];
	struct stat st;
	FILE *file = fopen(argv[argc - 1], "r");
	int c;

	if (!file) {
		perror(argv[argc - 1]);
		return 1;
	}
	while ((c = fgetc(file)) != EOF) {
		bytes++;
		sum = sum * 131 + c;
	}
	printf("%lu bytes %lx\n", bytes, sum);
	rewind(file);
	printf("%d", fseek(file, 1, SEEK_SET));
	printf(" %s", fgets(line, 4, file));
	printf(" %ld\n", ftell(file));
	fclose(file);
	printf("%d", stat(argv[argc - 1], &st));
	printf(" %d %d\n", (unsigned long)st.st_size == bytes,
	       S_ISREG(st.st_mode));
	printf("%d", open("/no/such", O_RDONLY));
	printf(" %s\n", strerror(errno));
	printf("%d", open("/", O_WRONLY | O_CREAT | O_EXCL, 0644));
	printf(" %d\n", errno == EEXIST || errno == EISDIR || errno == EROFS);
	printf("tty %d pid %d\n", isatty(9), getpid() > 0);
	return 0;
}
