// What all parts of the shell share.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// Why commands are being skipped: each kind has one place that ends it.
enum unwind {
	UNWIND_NONE,
	UNWIND_BREAK,    // a loop, sh.levels of them
	UNWIND_CONTINUE, // likewise
	UNWIND_RETURN,   // a function or a sourced file
	UNWIND_ABORT,    // the line: an error, or ^C
	UNWIND_EXIT,     // the shell
};

struct shell {
	bool interactive; // prompts, edits lines, survives errors
	bool monitor;     // job control: each job has a group
	int tty;          // the terminal, above the user's descriptors
	pid_t pid, group; // $$, and our own process group
	pid_t background; // $!
	int status;       // $?
	char *name;       // $0
	char **args;      // $1...
	int arg_count;    // $#
	enum unwind unwind;
	int levels;           // loops still to leave
	int loops, functions; // how deep we are inside of each
	bool lent;            // the memory is our parent's, who waits (vfork)
	bool substituted;	// a $( ) ran and left its status
	int untested;         // >0: a failure is being looked at (set -e)
	bool set_e, set_x, set_u, set_f;
};
extern struct shell sh;
extern volatile int interrupted; // by SIGINT: 1, or 2 if it shows already

// Reports "sh: ...", sets the status and skips the rest of the line.
void fail(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

int run_string(const char *text); // parse and run all of it
int run_file(const char *path);
int run_fd(int fd);
void shell_exit(int status) __attribute__((noreturn));
