// Executing oneself.  Under the oracle (qemu-riscv64) the host would be asked
// to execute a RISC-V file, so there the emulator is what is executed: its path
// is in ORACLE.
#pragma once
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static inline int again(char *const argv[], char *const envp[])
{
	char *all[20] = { (char *)"qemu-riscv64", NULL };
	const char *oracle = getenv("ORACLE");
	int i = 0;

	if (!oracle)
		return execve(argv[0], argv, envp);
	for (; argv[i] && i < 18; i++)
		all[i + 1] = argv[i];
	all[i + 1] = NULL;
	return execve(oracle, all, envp);
}

// A new one of us, which does not need fork(); its status is 127 if there is
// none.
static inline pid_t again_start(char *const argv[])
{
	extern char **environ;
	pid_t pid = vfork();

	if (pid == 0) {
		again(argv, environ);
		_exit(127);
	}
	return pid;
}

// fork(), or, where the kernel has none, a new one of us whose only operand is
// "=NAME"; its main() is to do what the caller does when this returns 0.  Who
// leads has a process group of his own.  -1 and errno also if nothing could be
// executed: the child of vfork() leaves the reason in our memory.
static inline pid_t again_fork(char *self, const char *name, bool leads)
{
	char *const argv[] = { self, (char *)name, NULL };
	extern char **environ;
	volatile int err = 0;
	pid_t pid = fork();

	if (pid == 0 && leads)
		setpgid(0, 0);
	if (pid >= 0 || errno != ENOSYS)
		return pid;
	pid = vfork();
	if (pid == 0) {
		if (leads)
			setpgid(0, 0);
		again(argv, environ);
		err = errno;
		_exit(127);
	}
	if (pid < 0 || !err)
		return pid;
	waitpid(pid, NULL, 0);
	errno = err;
	return -1;
}
