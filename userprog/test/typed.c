// Shows what a reader of the console gets: each read() as its length and bytes.
//   typed COUNT                 lines
//   typed COUNT MIN TIME        raw, with these values of VMIN and VTIME
// "slow" as a fifth word: it waits a second before it reads.
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void make_raw(struct termios *settings, int min, int tenths)
{
	cfmakeraw(settings);
	settings->c_oflag |= OPOST;
	settings->c_cc[VMIN] = min;
	settings->c_cc[VTIME] = tenths;
}

static void show(const char *bytes, ssize_t n)
{
	printf("<%ld:", (long)n);
	for (ssize_t i = 0; i < n; i++)
		if (bytes[i] > ' ' && bytes[i] < 127)
			printf("%c", bytes[i]);
		else
			printf("\\%02x", (unsigned char)bytes[i]);
	printf(">\n");
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static char bytes[8192];
	struct termios saved, settings;
	int count = argc > 1 ? atoi(argv[1]) : 1;

	tcgetattr(0, &saved);
	settings = saved;
	// One that was killed may have left the terminal raw.
	settings.c_lflag |= ICANON;
	if (argc > 3)
		make_raw(&settings, atoi(argv[2]), atoi(argv[3]));
	tcsetattr(0, TCSANOW, &settings);
	printf("ready\n");
	fflush(stdout);
	if (argc > 4)
		sleep(1);
	while (count-- > 0)
		show(bytes, read(0, bytes, sizeof bytes));
	tcsetattr(0, TCSANOW, &saved);
	return 0;
}
