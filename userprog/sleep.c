// Waits for a number of seconds, which may have decimals.
#include <errno.h>
#include <time.h>
#include <tool.h>

TOOL("sleep", "sleep SECONDS[.FRACTION]");

// Fixed point: a float would cost every sleeping process its float context.
static struct timespec parse(const char *text)
{
	struct timespec t = { 0, 0 };
	long unit = 100000000;

	if (!*text)
		misuse();
	for (; *text >= '0' && *text <= '9' && t.tv_sec < 1L << 40; text++)
		t.tv_sec = t.tv_sec * 10 + *text - '0';
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++) {
			t.tv_nsec += (*text - '0') * unit;
			unit /= 10;
		}
	if (*text)
		misuse();
	return t;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };

	while (option(&o, argv, ""))
		;
	if (o.next + 1 != argc)
		misuse();
	struct timespec time = parse(argv[o.next]);
	while (nanosleep(&time, &time) < 0)
		if (errno != EINTR)
			return complain("nanosleep");
	return 0;
}
