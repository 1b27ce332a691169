// Names of signals.
#include <string.h>
#include <strings.h>
#include <tool.h>

static const struct {
	char name[5];
	const char *text;
} signals[] = {
	{ "", "" },
	{ "HUP", "Hangup" },
	{ "INT", "Interrupt" },
	{ "QUIT", "Quit" },
	{ "ILL", "Illegal instruction" },
	{ "TRAP", "Trace trap" },
	{ "ABRT", "Aborted" },
	{ "BUS", "Bus error" },
	{ "FPE", "Arithmetic exception" },
	{ "KILL", "Killed" },
	{ "USR1", "User signal 1" },
	{ "SEGV", "Segmentation fault" },
	{ "USR2", "User signal 2" },
	{ "PIPE", "Broken pipe" },
	{ "ALRM", "Alarm clock" },
	{ "TERM", "Terminated" },
	{ "STKF", "Stack fault" },
	{ "CHLD", "Child changed" },
	{ "CONT", "Continued" },
	{ "STOP", "Stopped" },
	{ "TSTP", "Stopped by terminal" },
	{ "TTIN", "Stopped reading" },
	{ "TTOU", "Stopped writing" },
};
#define SIGNALS (int)(sizeof signals / sizeof signals[0])

int signal_number(const char *text)
{
	long value;

	if (number(text, &value))
		return value >= 0 && value <= 64 ? value : -1;
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (int i = 1; i < SIGNALS; i++)
		if (strcasecmp(text, signals[i].name) == 0)
			return i;
	return -1;
}

const char *signal_name(int signal)
{
	return signal > 0 && signal < SIGNALS ? signals[signal].name : "?";
}

const char *signal_text(int signal)
{
	return signal > 0 && signal < SIGNALS ? signals[signal].text
	                                      : "Unknown signal";
}
