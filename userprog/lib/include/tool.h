// What the small tools share: printing, options, messages.  Without stdio a
// tool stays within a page or two.
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// Printing, print.c.  Known: %s %d %u %x %o %c %%, l before d u x o, a width
// (also *), - and 0 before it, a precision for %s.
// Standard output is gathered and written by flush(): a tool ends with
// return done(status).
void print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void put(const char *text, size_t length);
void putch(char c);
bool flush(void);     // false: some output was lost
bool flush_once(void); // the same, and tells of a loss only once
int done(int status); // flushes; status, or 1 if output was lost
int format(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int format_args(char *to, size_t size, const char *format, va_list args);

// Messages go to standard error at once, after what was printed before.
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));
int complain(const char *what); // "tool: what: error of errno"; returns 1
void die(int status, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

// Options, option.c.  A tool says TOOL("ls", "usage: ...") once.
extern const char tool_name[], tool_usage[];
#define TOOL(name, usage) \
	const char tool_name[] = name, tool_usage[] = "usage: " usage "\n"

// The next option letter of argv, 0 at the first operand.  In letters, ':'
// marks those with an argument; '#' is that of a number instead of letters,
// which is its argument.  --help prints the usage and ends with 0, an unknown
// option prints it to standard error and ends with 2.
struct options {
	int next;           // index of the next word: the first operand
	const char *letter; // inside "-abc"
	const char *arg;    // argument of the last option
};
int option(struct options *o, char **argv, const char *letters);
void misuse(void) __attribute__((noreturn));

// Numbers and input, input.c.
bool number(const char *text, long *out); // all of text, decimal
long need_number(const char *text);       // or misuse()
ssize_t read_file(const char *path, char *buffer, size_t size);
int open_input(const char *path); // "-" is standard input

// Lines of a descriptor, without their ends.
struct lines {
	int fd;
	size_t at, filled;
	char *line; // valid until the next call
	size_t length, size;
	bool ended; // the line had a newline
	char buffer[1024];
};
void lines_open(struct lines *in, int fd);
char *lines_next(struct lines *in); // NULL at the end
void lines_close(struct lines *in);

// Signals, names.c: with or without SIG, in any case, or a number.
int signal_number(const char *text); // -1: unknown
const char *signal_name(int signal); // "INT"
const char *signal_text(int signal); // "Segmentation fault"

// The test program, and the shell's test: argv[0] is test, or [ with a last ].
int condition(int argc, char **argv);
