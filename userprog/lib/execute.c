// Executing by name, and with the arguments spelled out.
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>

extern char **environ;

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

// A text is a script for the shell.
static void run_script(const char *path, char *const argv[])
{
	int count = 0;

	while (argv[count])
		count++;
	char **args = malloc((count + 2) * sizeof *args);
	if (!args)
		return;
	args[0] = "sh";
	args[1] = (char *)path;
	for (int i = 1; i <= count; i++)
		args[i + 1] = argv[i];
	execve("/bin/sh", args, environ);
	free(args);
}

static void try(const char *path, char *const argv[])
{
	execve(path, argv, environ);
	if (errno == ENOEXEC)
		run_script(path, argv);
}

int execvp(const char *name, char *const argv[])
{
	const char *at = getenv("PATH");
	bool denied = false;
	char path[512];

	if (strchr(name, '/')) {
		try(name, argv);
		return -1;
	}
	for (at = at ? at : "/bin"; *at;) {
		int length = strcspn(at, ":");

		format(path, sizeof path, "%.*s%s%s", length, at,
		       length ? "/" : "", name);
		try(path, argv);
		denied |= errno == EACCES;
		at += length + (at[length] == ':');
	}
	// One that is there, but not for us, is the better explanation.
	errno = denied ? EACCES : ENOENT;
	return -1;
}

#define MOST 64

int execl(const char *path, const char *arg, ...)
{
	char *argv[MOST];
	int count = 0;
	va_list args;

	va_start(args, arg);
	for (; arg && count < MOST - 1; arg = va_arg(args, const char *))
		argv[count++] = (char *)arg;
	va_end(args);
	argv[count] = NULL;
	return execve(path, argv, environ);
}

int execlp(const char *name, const char *arg, ...)
{
	char *argv[MOST];
	int count = 0;
	va_list args;

	va_start(args, arg);
	for (; arg && count < MOST - 1; arg = va_arg(args, const char *))
		argv[count++] = (char *)arg;
	va_end(args);
	argv[count] = NULL;
	return execvp(name, argv);
}
