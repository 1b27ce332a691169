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

// Everything that a page table can refuse is a SIGSEGV, as on Linux; a SIGBUS
// is what the file behind it refuses.
int signal_of_cause(unsigned long cause)
{
	switch (cause) {
	case CAUSE_ILLEGAL:
		return SIGILL;
	case CAUSE_BREAKPOINT:
		return SIGTRAP;
	case CAUSE_FETCH_MISALIGNED:
	case CAUSE_LOAD_MISALIGNED:
	case CAUSE_STORE_MISALIGNED:
	case CAUSE_BUS:
		return SIGBUS;
	default:
		return SIGSEGV;
	}
}

// The kernel's table of areas would tell more; programs that care look at the
// address.
static int signal_code_of(int signal, unsigned long cause)
{
	if (signal == SIGSEGV)           // an access fault hits a wall
		return cause == CAUSE_FETCH_ACCESS ||
		       cause == CAUSE_LOAD_ACCESS ||
		       cause == CAUSE_STORE_ACCESS ? SEGV_ACCERR : SEGV_MAPERR;
	if (cause == CAUSE_BUS)
		return BUS_ADRERR;
	return 1;                // ILL_ILLOPC, BUS_ADRALN, TRAP_BRKPT
}

struct siginfo signal_info_of_cause(unsigned long cause, unsigned long tval)
{
	int signal = signal_of_cause(cause);

	return (struct siginfo){
		.signal = signal,
		.code = signal_code_of(signal, cause),
		.address = tval,
	};
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
