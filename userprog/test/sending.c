// sendfile() to files and pipes.  The file that is sent is this program.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[64];

static void show(const char *what, long result)
{
	printf("%s: ", what);
	if (result < 0)
		printf("%s\n", strerror(errno));
	else
		printf("%ld\n", result);
	fflush(stdout);
}

static unsigned long sum(int fd, long *size)
{
	static char buffer[5000];
	unsigned long total = 0;
	ssize_t n;

	*size = 0;
	while ((n = read(fd, buffer, sizeof buffer)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			total = total * 31 + (unsigned char)buffer[i];
		*size += n;
	}
	return total;
}

static void to_a_file(int in, long whole)
{
	int out = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	unsigned long there, here;
	long size;

	lseek(in, 0, SEEK_SET);
	show("all", sendfile(out, in, NULL, 1 << 30) == whole);
	show("at the end", sendfile(out, in, NULL, 100));
	show("offsets", lseek(in, 0, SEEK_CUR) == whole &&
	                        lseek(out, 0, SEEK_CUR) == whole);
	lseek(in, 0, SEEK_SET);
	lseek(out, 0, SEEK_SET);
	there = sum(in, &size);
	here = sum(out, &size);
	printf("same %d %d\n", there == here, size == whole);
	close(out);
}

static void at_an_offset(int in)
{
	int out = open(path, O_RDWR | O_TRUNC);
	off_t offset = 4000;
	char text[10], sent[10];

	lseek(in, 7, SEEK_SET);
	show("a piece", sendfile(out, in, &offset, 5000));
	printf("offset %ld, file's %ld\n", (long)offset,
	       (long)lseek(in, 0, SEEK_CUR));
	pread(in, text, 10, 8000);
	pread(out, sent, 10, 4000);
	printf("same %d\n", memcmp(text, sent, 10) == 0);
	show("the next", sendfile(out, in, NULL, 3));
	printf("file's %ld\n", (long)lseek(in, 0, SEEK_CUR));
	offset = -1;
	show("negative", sendfile(out, in, &offset, 1));
	offset = 1 << 30;
	show("beyond", sendfile(out, in, &offset, 1));
	show("nothing", sendfile(out, in, NULL, 0));
	close(out);
}

static void to_a_pipe(int in, long whole)
{
	unsigned long there, here;
	long size;
	int ends[2];
	pid_t pid;

	pipe(ends);
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		lseek(in, 0, SEEK_SET);
		while (sendfile(ends[1], in, NULL, whole) > 0)
			; // Linux stops where the pipe is full
		_exit(0);
	}
	close(ends[1]);
	here = sum(ends[0], &size);
	wait(NULL);
	lseek(in, 0, SEEK_SET);
	printf("pipe %d", size == whole);
	there = sum(in, &size);
	printf(" same %d\n", there == here);
	close(ends[0]);
}

static void errors(int in)
{
	int ends[2], out = open(path, O_RDWR | O_TRUNC);
	int append = open(path, O_WRONLY | O_APPEND);

	pipe(ends);
	show("not open", sendfile(99, in, NULL, 1));
	show("not open", sendfile(out, 99, NULL, 1));
	show("to a reader", sendfile(in, in, NULL, 1));
	show("to a reader", sendfile(ends[0], in, NULL, 1));
	show("appending", sendfile(append, in, NULL, 1));
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	lseek(in, 0, SEEK_SET);
	show("what fits", sendfile(ends[1], in, NULL, 65536) > 4096);
	while (sendfile(ends[1], in, NULL, 4096) > 0)
		;
	lseek(in, 0, SEEK_SET);
	show("full", sendfile(ends[1], in, NULL, 4096));
	close(ends[0]);
	close(ends[1]);
	close(append);
	close(out);
}

int main(int argc, char **argv)
{
	int in = open(argv[0], O_RDONLY);
	struct stat st;
	(void)argc;

	snprintf(path, sizeof path, "/tmp/sent%d", (int)getpid());
	fstat(in, &st);
	to_a_file(in, st.st_size);
	at_an_offset(in);
	to_a_pipe(in, st.st_size);
	errors(in);
	show("clean", unlink(path));
	return 0;
}
