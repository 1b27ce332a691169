// The shell: sh, sh -c LINE [NAME ARG...], sh FILE [ARG...].
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>
#include "again.h"
#include "edit.h"
#include "exec.h"
#include "job.h"
#include "parser.h"
#include "redirect.h"
#include "shell.h"
#include "terminal.h"
#include "trap.h"
#include "var.h"

TOOL("sh", "sh [-eux] [-c LINE [NAME [ARG...]] | FILE [ARG...]]");

struct shell sh;
volatile int interrupted;
extern char **environ;

void fail(int status, const char *text, ...)
{
	char line[256];
	va_list args;

	va_start(args, text);
	format_args(line, sizeof line, text, args);
	va_end(args);
	message("sh: %s\n", line);
	sh.status = status;
	sh.unwind = UNWIND_ABORT;
}

void shell_exit(int status)
{
	sh.status = status;
	if (!sh.lent) // else it is our parent's
		trap_run_exit();
	_exit(flush() ? sh.status : 1);
}

// Runs all lines of a source.  An error ends a script; a terminal goes on with
// the next line.
static int run_source(struct source *in, bool top)
{
	struct lexer l;
	bool end = false;

	while (!end && sh.unwind == UNWIND_NONE) {
		struct mark mark = arena_mark();

		if (top && sh.interactive)
			job_report();
		lexer_open(&l, in);
		struct node *n = parse_line(&l, &end);
		if (n && sh.unwind == UNWIND_NONE)
			exec_node(n);
		if (top && sh.interactive &&
		    (sh.unwind == UNWIND_ABORT || interrupted)) {
			if (interrupted == 1)
				message("\n");
			sh.status = interrupted ? 130 : sh.status;
			sh.unwind = UNWIND_NONE;
			// The editor gives no line for ^C: not the end.
			end = end && !interrupted;
			interrupted = 0;
			in->at = in->end;
			in->ended = in->ended && end;
		}
		arena_release(mark);
	}
	return sh.status;
}

int run_string(const char *text)
{
	struct source in;

	source_string(&in, text);
	return run_source(&in, false);
}

int run_file(const char *path)
{
	struct source in;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		fail(127, "%s: %s", path, strerror(errno));
		return sh.status;
	}
	fd = move_high(fd);
	source_fd(&in, fd, false, false);
	int status = run_source(&in, false);
	close(fd);
	return status;
}

static void run_input(void)
{
	static struct source in;

	sh.interactive = isatty(0) && isatty(2);
	if (sh.interactive)
		sh.monitor = terminal_init();
	trap_init();
	source_fd(&in, 0, true, sh.interactive);
	run_source(&in, true);
}

static int options(char **argv, const char **line, const char **numbers)
{
	struct options o = { 0 };
	int letter;

	while ((letter = option(&o, argv, "c:euxiR:")) != 0)
		switch (letter) {
		case 'c':
			*line = o.arg;
			break;
		case 'R':
			*numbers = o.arg;
			break;
		case 'e':
			sh.set_e = true;
			break;
		case 'u':
			sh.set_u = true;
			break;
		case 'x':
			sh.set_x = true;
			break;
		}
	return o.next;
}

int main(int argc, char **argv)
{
	const char *line = NULL, *numbers = NULL;
	int next = options(argv, &line, &numbers);
	char **subshell = numbers && next + 2 <= argc ? argv + next : NULL;
	bool file = !line && !subshell && next < argc;

	sh.pid = getpid();
	if (subshell)
		next += 2;
	sh.name = next < argc ? argv[next++] : argv[0];
	sh.args = argv + next;
	sh.arg_count = next < argc ? argc - next : 0;
	var_init(environ);
	if (subshell) {
		again_begin(numbers, subshell[0]);
		exec_child(again_parse(subshell[1]));
	}
	if (line)
		run_string(line);
	else if (file)
		run_file(sh.name);
	else
		run_input();
	shell_exit(sh.status);
}
