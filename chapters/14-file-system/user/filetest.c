// What is written to a file is what is read from it.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
	static const char text[] = "Hello, world!";
	char back[sizeof text + 1];
	int fd = open("/filea", O_CREAT | O_TRUNC | O_WRONLY, 0644);
	ssize_t n;

	write(fd, text, sizeof text);
	close(fd);
	fd = open("/filea", O_RDONLY);
	n = read(fd, back, sizeof back);
	close(fd);
	if (n != sizeof text || memcmp(text, back, sizeof text) != 0) {
		printf("filetest: not what was written\n");
		return 1;
	}
	printf("filetest: %d bytes are the same\n", (int)n);
	return 0;
}
