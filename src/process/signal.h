// Signal numbers, their names, and which trap sends which.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// As in Linux's <asm-generic/signal.h>.
enum {
	SIGHUP = 1,
	SIGINT = 2,
	SIGQUIT = 3,
	SIGILL = 4,
	SIGTRAP = 5,
	SIGABRT = 6,
	SIGBUS = 7,
	SIGFPE = 8,
	SIGKILL = 9,
	SIGSEGV = 11,
	SIGPIPE = 13,
	SIGALRM = 14,
	SIGTERM = 15,
	SIGCHLD = 17,
	SIGCONT = 18,
	SIGSTOP = 19,
	SIGTSTP = 20,
	SIGTTIN = 21,
	SIGTTOU = 22,
	SIGURG = 23,
	SIGWINCH = 28,
	SIGNALS = 65,            // they are numbered 1 ... 64
};

// Where a signal comes from: siginfo_t, as much as matters.
struct siginfo {
	int signal;
	int code;                // SI_USER ...
	int pid;                 // the sender, or the child
	int status;              // of the child
	uint64_t address;        // of the fault
	bool settled;            // the sender is in a call whose result is in
	                         // its frame: if it is the receiver too, its
	                         // handler may be called at once
};

enum {                           // codes
	SI_USER = 0,             // kill()
	SI_KERNEL = 128,
	SI_TKILL = -6,
	CLD_EXITED = 1,
	CLD_KILLED = 2,
	CLD_STOPPED = 5,
	CLD_CONTINUED = 6,
	SEGV_MAPERR = 1,
	SEGV_ACCERR = 2,
	ILL_ILLOPC = 1,
	BUS_ADRALN = 1,
	BUS_ADRERR = 2,
	TRAP_BRKPT = 1,
};

// The signal that a process gets for an exception of its own.
int signal_of_cause(unsigned long cause);
struct siginfo signal_info_of_cause(unsigned long cause, unsigned long tval);

// "SIGSEGV"; "signal 42" for the real-time ones.
const char *signal_name(int signal);

// What a signal does to a process that has not asked for anything else.
enum signal_default {
	SIGNAL_ENDS,
	SIGNAL_IGNORED,
	SIGNAL_STOPS,
	SIGNAL_CONTINUES,
};
enum signal_default signal_default(int signal);
