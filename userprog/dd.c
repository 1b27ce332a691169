// Copies blocks from one file to another.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

TOOL("dd", "dd [if=FILE] [of=FILE] [bs=N] [ibs=N] [obs=N] [count=N] [skip=N] "
           "[seek=N]\n       [conv=notrunc,sync,noerror,fsync,fdatasync] "
           "[status=none]\n       N may end in w b k M G, and be a product: "
           "2x4k");

static const char *in_name, *out_name;
static long in_size = 512, out_size = 512, both, count = -1, skip, seek;
static bool notrunc, pad, noerror, lasting, quiet;
static long whole_in, part_in, whole_out, part_out, total;

// A number, or a product of them.
static long size_of(const char *text)
{
	static const struct {
		char letter;
		long factor;
	} units[] = { { 'c', 1 },       { 'w', 2 },       { 'b', 512 },
		      { 'k', 1 << 10 }, { 'K', 1 << 10 }, { 'M', 1 << 20 },
		      { 'G', 1 << 30 } };
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || value < 0)
		misuse();
	for (unsigned i = 0; i < sizeof units / sizeof units[0]; i++)
		if (*end && *end == units[i].letter) {
			value *= units[i].factor;
			end++;
			break;
		}
	if (*end == 'x')
		return value * size_of(end + 1);
	if (*end)
		misuse();
	return value;
}

static void set_conversions(char *words)
{
	for (char *word = strtok(words, ","); word; word = strtok(NULL, ",")) {
		if (strcmp(word, "notrunc") == 0)
			notrunc = true;
		else if (strcmp(word, "sync") == 0)
			pad = true;
		else if (strcmp(word, "noerror") == 0)
			noerror = true;
		else if (strcmp(word, "fsync") == 0 ||
		         strcmp(word, "fdatasync") == 0)
			lasting = true;
		else
			misuse();
	}
}

static bool named(const char *word, const char *name, const char **value)
{
	size_t size = strlen(name);

	*value = word + size;
	return strncmp(word, name, size) == 0;
}

static void set(char *word)
{
	static const struct {
		const char *name;
		long *value;
	} numbers[] = { { "bs=", &both },     { "ibs=", &in_size },
		        { "obs=", &out_size }, { "count=", &count },
		        { "skip=", &skip },    { "seek=", &seek } };
	const char *value;

	for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (named(word, numbers[i].name, &value)) {
			*numbers[i].value = size_of(value);
			return;
		}
	if (named(word, "if=", &value)) {
		in_name = value;
	} else if (named(word, "of=", &value)) {
		out_name = value;
	} else if (named(word, "conv=", &value)) {
		set_conversions(word + 5);
	} else if (named(word, "status=", &value)) {
		quiet = strcmp(value, "none") == 0;
	} else {
		misuse();
	}
}

static ssize_t read_some(char *to, long size)
{
	ssize_t n;

	do
		n = read(0, to, size);
	while (n < 0 && errno == EINTR);
	return n;
}

// What cannot be sought is read away.
static void skip_input(char *buffer)
{
	if (skip == 0 || lseek(0, skip * in_size, SEEK_CUR) >= 0)
		return;
	for (long i = 0; i < skip; i++)
		if (read_some(buffer, in_size) <= 0)
			return;
}

static bool write_block(const char *from, long size)
{
	for (long at = 0; at < size;) {
		ssize_t n = write(1, from + at, size - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			complain(out_name ? out_name : "standard output");
			return false;
		}
		at += n;
		total += n;
	}
	*(size == out_size ? &whole_out : &part_out) += 1;
	return true;
}

// Blocks of another size are gathered; with bs= each goes as it came.
static bool pass_on(char *gathered, long *filled, const char *from, long size)
{
	if (both)
		return write_block(from, size);
	while (size > 0) {
		long part = out_size - *filled < size ? out_size - *filled
		                                      : size;

		memcpy(gathered + *filled, from, part);
		*filled += part;
		from += part;
		size -= part;
		if (*filled == out_size) {
			*filled = 0;
			if (!write_block(gathered, out_size))
				return false;
		}
	}
	return true;
}

static int copy(char *buffer, char *gathered)
{
	long filled = 0;
	int status = 0;

	for (long i = 0; count < 0 || i < count; i++) {
		ssize_t n = read_some(buffer, in_size);

		if (n == 0)
			break;
		if (n < 0) {
			status = complain(in_name ? in_name : "standard input");
			if (!noerror || lseek(0, in_size, SEEK_CUR) < 0)
				break;
			n = 0;
		}
		*(n == in_size ? &whole_in : &part_in) += 1;
		if (pad && n < in_size) {
			memset(buffer + n, 0, in_size - n);
			n = in_size;
		}
		if (!pass_on(gathered, &filled, buffer, n))
			return 1;
	}
	if (filled && !write_block(gathered, filled))
		return 1;
	return status;
}

static int open_files(void)
{
	int flags = O_WRONLY | O_CREAT | (notrunc || seek ? 0 : O_TRUNC), fd;

	if (in_name && ((fd = open(in_name, O_RDONLY)) < 0 || dup2(fd, 0) < 0))
		return complain(in_name);
	if (out_name &&
	    ((fd = open(out_name, flags, 0666)) < 0 || dup2(fd, 1) < 0))
		return complain(out_name);
	// What is before stays.
	if (out_name && seek && !notrunc)
		ftruncate(1, seek * out_size);
	if (seek && lseek(1, seek * out_size, SEEK_CUR) < 0)
		return complain(out_name ? out_name : "standard output");
	return 0;
}

static void tell(long nanoseconds)
{
	long rate = total / (nanoseconds / 1000 + 1); // bytes a µs

	message("%ld+%ld records in\n%ld+%ld records out\n", whole_in, part_in,
	        whole_out, part_out);
	message("%ld bytes copied, %ld.%03ld s, %ld MB/s\n", total,
	        nanoseconds / 1000000000, nanoseconds / 1000000 % 1000, rate);
}

int main(int argc, char **argv)
{
	struct timespec from, to;

	for (int i = 1; i < argc; i++)
		set(argv[i]);
	if (both)
		in_size = out_size = both;
	char *buffer = malloc(in_size), *gathered = malloc(out_size);
	if (in_size == 0 || out_size == 0)
		misuse();
	if (!buffer || !gathered)
		die(1, "out of memory");
	if (open_files())
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &from);
	skip_input(buffer);
	int status = copy(buffer, gathered);
	if (lasting && fsync(1) < 0)
		status = complain(out_name ? out_name : "standard output");
	clock_gettime(CLOCK_MONOTONIC, &to);
	if (!quiet)
		tell((to.tv_sec - from.tv_sec) * 1000000000L + to.tv_nsec -
		     from.tv_nsec);
	return status;
}
