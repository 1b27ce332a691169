// Builtins that change what runs next.
#include <errno.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>
#include "arena.h"
#include "builtin.h"
#include "exec.h"
#include "shell.h"
#include "trap.h"

// The number in argv[1], or what is meant without one.
static bool operand(int argc, char **argv, long without, long *out)
{
	*out = without;
	if (argc < 2 || number(argv[1], out))
		return true;
	fail(2, "%s: %s: not a number", argv[0], argv[1]);
	return false;
}

// And continue.
int builtin_break(int argc, char **argv)
{
	long levels;

	if (!operand(argc, argv, 1, &levels))
		return 2;
	if (levels < 1 || sh.loops == 0)
		return 0;
	sh.levels = levels < sh.loops ? levels : sh.loops;
	sh.unwind = *argv[0] == 'b' ? UNWIND_BREAK : UNWIND_CONTINUE;
	return 0;
}

int builtin_return(int argc, char **argv)
{
	long status;

	if (!operand(argc, argv, sh.status, &status))
		return 2;
	sh.unwind = UNWIND_RETURN;
	return status & 0xff;
}

int builtin_exit(int argc, char **argv)
{
	long status;

	if (!operand(argc, argv, sh.status, &status))
		return 2;
	sh.unwind = UNWIND_EXIT;
	return status & 0xff;
}

int builtin_eval(int argc, char **argv)
{
	struct text line = { 0 };

	for (int i = 1; i < argc; i++) {
		text_put(&line, argv[i], strlen(argv[i]));
		text_add(&line, ' ');
	}
	sh.status = 0;
	return run_string(text_string(&line));
}

int builtin_source(int argc, char **argv)
{
	if (argc < 2) {
		fail(2, ".: which file?");
		return 2;
	}
	int status = run_file(argv[1]);
	if (sh.unwind == UNWIND_RETURN)
		sh.unwind = UNWIND_NONE;
	return status;
}

bool redirects_stay;

int builtin_exec(int argc, char **argv)
{
	redirects_stay = true;
	if (argc < 2)
		return 0;
	flush();
	exec_program(argv + 1);
}

int builtin_trap(int argc, char **argv)
{
	long ignored;

	if (argc < 2) {
		trap_show();
		return 0;
	}
	// `trap - INT` and `trap INT` both go back to the default.
	bool reset = strcmp(argv[1], "-") == 0;
	bool bare = argc == 2 || number(argv[1], &ignored);
	for (int i = bare && !reset ? 1 : 2; i < argc; i++)
		if (!trap_set(argv[i], reset || bare ? NULL : argv[1])) {
			message("trap: %s: unknown signal\n", argv[i]);
			return 1;
		}
	return 0;
}
