// Sends a signal to processes.
#include <signal.h>
#include <string.h>
#include <tool.h>

TOOL("kill", "kill [-SIGNAL] PID...   (a name or number; -l lists them)");

static int signal_of(const char *text)
{
	int signal = signal_number(text);

	if (signal < 0)
		misuse();
	return signal;
}

static int list(void)
{
	for (int i = SIGHUP; i <= SIGTTOU; i++)
		print("%2d %s\n", i, signal_name(i));
	return done(0);
}

int main(int argc, char **argv)
{
	int signal = SIGTERM, status = 0, next = 1;

	// Not option(): -9 and -KILL are not rows of letters.
	if (argc > 1 && strcmp(argv[1], "-l") == 0)
		return list();
	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		signal = signal_of(argv[2]);
		next = 3;
	} else if (argc > 1 && argv[1][0] == '-') {
		if (strcmp(argv[1], "--") != 0)
			signal = signal_of(argv[1] + 1);
		next = 2;
	}
	if (next >= argc)
		misuse();
	for (; next < argc; next++)
		if (kill(need_number(argv[next]), signal) < 0)
			status = complain(argv[next]);
	return status;
}
