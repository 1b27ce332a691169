#include "process/signal.h"
#include "machine/csr.h"

static const char *const names[] = {
	"signal 0", "SIGHUP",  "SIGINT",  "SIGQUIT",  "SIGILL",   "SIGTRAP",
	"SIGABRT",  "SIGBUS",  "SIGFPE",  "SIGKILL",  "SIGUSR1",  "SIGSEGV",
	"SIGUSR2",  "SIGPIPE", "SIGALRM", "SIGTERM",  "SIGSTKFLT", "SIGCHLD",
	"SIGCONT",  "SIGSTOP", "SIGTSTP", "SIGTTIN",  "SIGTTOU",  "SIGURG",
	"SIGXCPU",  "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO",
	"SIGPWR",   "SIGSYS",
};

const char *signal_name(int signal)
{
	if (signal < 0 || signal >= (int)(sizeof names / sizeof names[0]))
		return "a real-time signal";
	return names[signal];
}

int signal_of_cause(uint64_t cause)
{
	switch (cause) {
	case CAUSE_ILLEGAL:
		return SIGILL;
	case CAUSE_BREAKPOINT:
		return SIGTRAP;
	case CAUSE_FETCH_MISALIGNED:
	case CAUSE_LOAD_MISALIGNED:
	case CAUSE_STORE_MISALIGNED:
		return SIGBUS;
	default:
		return SIGSEGV;
	}
}

enum signal_default signal_default(int signal)
{
	switch (signal) {
	case SIGCHLD:
	case SIGURG:
	case SIGWINCH:
		return SIGNAL_IGNORED;
	case SIGCONT:
		return SIGNAL_CONTINUES;
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		return SIGNAL_STOPS;
	default:
		return SIGNAL_ENDS;
	}
}
