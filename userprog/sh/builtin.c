#include "builtin.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <tool.h>
#include <unistd.h>
#include "edit.h"
#include "exec.h"
#include "shell.h"
#include "var.h"

static int builtin_true(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 0;
}

static int builtin_false(int argc, char **argv)
{
	(void)argc, (void)argv;
	return 1;
}

static int builtin_echo(int argc, char **argv)
{
	bool newline = true;
	int i = 1;

	for (; i < argc && strcmp(argv[i], "-n") == 0; i++)
		newline = false;
	for (; i < argc; i++)
		print(i + 1 < argc ? "%s " : "%s", argv[i]);
	if (newline)
		putch('\n');
	return !flush_once();
}

static int builtin_cd(int argc, char **argv)
{
	const char *to = argc > 1 ? argv[1] : var_get("HOME");
	char here[512];
	bool back = to && strcmp(to, "-") == 0;

	if (back)
		to = var_get("OLDPWD");
	if (!to) {
		message("cd: where to?\n");
		return 1;
	}
	if (!getcwd(here, sizeof here))
		here[0] = 0;
	if (chdir(to) < 0) {
		message("cd: %s: %s\n", to, strerror(errno));
		return 1;
	}
	if (back)
		print("%s\n", to);
	var_set("OLDPWD", here);
	if (getcwd(here, sizeof here))
		var_set("PWD", here);
	return 0;
}

static int builtin_pwd(int argc, char **argv)
{
	char here[512];

	(void)argc, (void)argv;
	if (!getcwd(here, sizeof here)) {
		message("pwd: %s\n", strerror(errno));
		return 1;
	}
	print("%s\n", here);
	return 0;
}

static int builtin_umask(int argc, char **argv)
{
	unsigned mask = 0;

	if (argc > 1) {
		for (const char *c = argv[1]; *c >= '0' && *c <= '7'; c++)
			mask = mask * 8 + *c - '0';
		umask(mask);
		return 0;
	}
	mask = umask(0);
	umask(mask);
	print("%04o\n", mask);
	return 0;
}

static int builtin_type(int argc, char **argv)
{
	char path[512];
	int status = 0;

	for (int i = 1; i < argc; i++) {
		if (function_find(argv[i])) {
			print("%s is a function\n", argv[i]);
		} else if (builtin_find(argv[i])) {
			print("%s is a shell builtin\n", argv[i]);
		} else if (find_program(argv[i], path, sizeof path)) {
			print("%s is %s\n", argv[i], path);
		} else {
			message("%s: not found\n", argv[i]);
			status = 1;
		}
	}
	return status;
}

static int builtin_history(int argc, char **argv)
{
	(void)argc, (void)argv;
	edit_show_history();
	return 0;
}

static int builtin_help(int argc, char **argv)
{
	(void)argc, (void)argv;
	print("The shell knows: ");
	builtin_list();
	print("\nAnd if, while, until, for, case, functions, pipes,"
	      " redirections, $(( )).\nPrograms: ls /bin\n");
	return 0;
}

static const struct builtin builtins[] = {
	{ ".", builtin_source },
	{ ":", builtin_true },
	{ "[", condition },
	{ "bg", builtin_fg },
	{ "break", builtin_break },
	{ "cd", builtin_cd },
	{ "continue", builtin_break },
	{ "echo", builtin_echo },
	{ "eval", builtin_eval },
	{ "exec", builtin_exec },
	{ "exit", builtin_exit },
	{ "export", builtin_export },
	{ "false", builtin_false },
	{ "fg", builtin_fg },
	{ "help", builtin_help },
	{ "history", builtin_history },
	{ "jobs", builtin_jobs },
	{ "kill", builtin_kill },
	{ "pwd", builtin_pwd },
	{ "read", builtin_read },
	{ "readonly", builtin_export },
	{ "return", builtin_return },
	{ "set", builtin_set },
	{ "shift", builtin_shift },
	{ "test", condition },
	{ "trap", builtin_trap },
	{ "true", builtin_true },
	{ "type", builtin_type },
	{ "umask", builtin_umask },
	{ "unset", builtin_unset },
	{ "wait", builtin_wait },
};
#define BUILTINS (sizeof builtins / sizeof builtins[0])

const struct builtin *builtin_find(const char *name)
{
	for (unsigned i = 0; i < BUILTINS; i++)
		if (strcmp(builtins[i].name, name) == 0)
			return &builtins[i];
	return NULL;
}

void builtin_list(void)
{
	for (unsigned i = 0; i < BUILTINS; i++)
		print(i ? " %s" : "%s", builtins[i].name);
}
