// Sends a signal to processes.
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <tool.h>

TOOL("kill", "kill [-SIGNAL] PID...   (a name or number; -l lists them)");

static const struct {
	char name[6];
	int signal;
} names[] = {
	{ "HUP", SIGHUP },   { "INT", SIGINT },	  { "QUIT", SIGQUIT },
	{ "ILL", SIGILL },   { "TRAP", SIGTRAP }, { "ABRT", SIGABRT },
	{ "BUS", SIGBUS },   { "FPE", SIGFPE },	  { "KILL", SIGKILL },
	{ "USR1", SIGUSR1 }, { "SEGV", SIGSEGV }, { "USR2", SIGUSR2 },
	{ "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM },
	{ "CHLD", SIGCHLD }, { "CONT", SIGCONT }, { "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU },
};
#define NAMES (sizeof names / sizeof names[0])

static int signal_of(const char *text)
{
	long value;

	if (number(text, &value))
		return value;
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (unsigned i = 0; i < NAMES; i++)
		if (strcasecmp(text, names[i].name) == 0)
			return names[i].signal;
	misuse();
}

static int list(void)
{
	for (unsigned i = 0; i < NAMES; i++)
		print("%2d %s\n", names[i].signal, names[i].name);
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
