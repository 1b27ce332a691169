// Reading a file in every way there is: the file is this program.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static unsigned long sum(const char *bytes, long n, unsigned long sum)
{
	for (long i = 0; i < n; i++)
		sum = sum * 131 + (unsigned char)bytes[i];
	return sum;
}

static void by_pieces(const char *path, int size)
{
	static char buffer[5000];
	unsigned long total = 0, s = 0;
	int fd = open(path, O_RDONLY);
	ssize_t n;

	while ((n = read(fd, buffer, size)) > 0) {
		s = sum(buffer, n, s);
		total += n;
	}
	printf("%d: %lu bytes %lx, at the end %ld\n", size, total, s,
	       (long)read(fd, buffer, size));
	close(fd);
}

static void by_stdio(const char *path)
{
	char buffer[100], line[300];
	unsigned long total = 0, s = 0;
	FILE *file = fopen(path, "r");
	size_t n;

	while ((n = fread(buffer, 1, sizeof buffer, file)) > 0) {
		s = sum(buffer, n, s);
		total += n;
	}
	printf("stdio: %lu bytes %lx eof %d\n", total, s, !!feof(file));
	rewind(file);
	printf("%d", fgetc(file));
	printf(" %s\n", fgets(line, 4, file));
	printf("%d", fseek(file, -10, SEEK_END));
	printf(" %lu\n", (unsigned long)(total - ftell(file)));
	fclose(file);
}

static void seeking(const char *path)
{
	char a[16], b[16];
	int fd = open(path, O_RDONLY);
	long size = lseek(fd, 0, SEEK_END);
	struct iovec parts[] = { { a, 4 }, { b, 5 } };
	struct stat st;

	fstat(fd, &st);
	printf("%d %d %o\n", st.st_size == size, S_ISREG(st.st_mode),
	       (unsigned)st.st_mode & 0100);
	printf("%ld %ld", (long)lseek(fd, 100, SEEK_SET),
	       (long)lseek(fd, -50, SEEK_CUR));
	printf(" %ld %d\n", (long)lseek(fd, -60, SEEK_CUR), errno == EINVAL);
	printf("%ld %ld", (long)lseek(fd, 1, SEEK_SET),
	       (long)readv(fd, parts, 2));
	printf(" %.3s %d\n", a, b[0]);
	printf("%ld", (long)lseek(fd, size + 100, SEEK_SET) - size);
	printf(" %ld\n", (long)read(fd, a, 16));
	printf("%ld", (long)pread(fd, a, 4, 0));
	printf(" %.3s %ld\n", a + 1, (long)lseek(fd, 0, SEEK_CUR) - size);
	close(fd);
}

static void fails(const char *what, long result)
{
	printf("%s: %ld %s\n", what, result,
	       result < 0 ? strerror(errno) : "-");
}

static void errors(const char *path)
{
	struct stat st;
	char buffer[10], below[300];
	int fd;

	snprintf(below, sizeof below, "%s/below", path);
	fails("missing", open("/no/such/file", O_RDONLY));
	fails("below a file", open(below, O_RDONLY));
	fails("empty", open("", O_RDONLY));
	fails("directory for writing", open("/", O_WRONLY));
	fails("file as directory", open(path, O_RDONLY | O_DIRECTORY));
	fails("missing stat", stat("/no/such", &st));
	fails("read closed", read(77, buffer, 1));
	fails("write closed", write(-1, buffer, 1));
	fails("close closed", close(77));
	fd = open("/", O_RDONLY);
	fails("read a directory", read(fd, buffer, 10));
	close(fd);
	fd = open(path, O_RDONLY);
	fails("write to a reader", write(fd, buffer, 1));
	fails("bad whence", lseek(fd, 0, 9));
	fails("ioctl", isatty(fd) ? 0 : -1);
	close(fd);
}

static void devices(void)
{
	char buffer[64];
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);
	int random = open("/dev/urandom", O_RDONLY), i;

	memset(buffer, 1, sizeof buffer);
	printf("%ld", (long)write(null, buffer, 64));
	printf(" %ld", (long)read(null, buffer, 64));
	printf(" %ld", (long)read(zero, buffer, 32));
	for (i = 0; i < 64 && !buffer[i]; i++)
		;
	printf(" %d", i);
	if (random < 0)
		random = open("/dev/random", O_RDONLY);
	printf(" %ld", (long)read(random, buffer, 16));
	printf(" %d\n", memcmp(buffer, buffer + 8, 8) != 0);
}

int main(int argc, char **argv)
{
	(void)argc;
	by_pieces(argv[0], 1);
	by_pieces(argv[0], 7);
	by_pieces(argv[0], 4096);
	by_pieces(argv[0], 5000);
	by_stdio(argv[0]);
	seeking(argv[0]);
	errors(argv[0]);
	devices();
	return 0;
}
