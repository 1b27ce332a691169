// Processes: birth, death, waiting, names.
#include "linux.h"
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

void _exit(int status)
{
	for (;;)
		CALL1(SYS_exit_group, status);
}

pid_t _fork(void)
{
	return linux_result(CALL5(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}
PUBLIC_NAME(fork);

int _execve(const char *path, char *const argv[], char *const envp[])
{
	return linux_result(CALL3(SYS_execve, path, argv, envp));
}
PUBLIC_NAME(execve);

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	return linux_result(CALL4(SYS_wait4, pid, status, options, usage));
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

// All zeroes: there is nothing to tell.  The kernel's call tells rusage, too.
int waitid(idtype_t whose, id_t id, siginfo_t *info, int options)
{
	return linux_result(CALL5(SYS_waitid, whose, id, info, options, NULL));
}

pid_t _wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}
PUBLIC_NAME(wait);

int _kill(pid_t pid, int signal)
{
	return linux_result(CALL2(SYS_kill, pid, signal));
}
PUBLIC_NAME(kill);

pid_t _getpid(void)
{
	return CALL0(SYS_getpid);
}
PUBLIC_NAME(getpid);

pid_t getppid(void)
{
	return CALL0(SYS_getppid);
}

uid_t getuid(void)
{
	return CALL0(SYS_getuid);
}

uid_t geteuid(void)
{
	return CALL0(SYS_geteuid);
}

gid_t getgid(void)
{
	return CALL0(SYS_getgid);
}

gid_t getegid(void)
{
	return CALL0(SYS_getegid);
}

int setpgid(pid_t pid, pid_t group)
{
	return linux_result(CALL2(SYS_setpgid, pid, group));
}

pid_t getpgid(pid_t pid)
{
	return linux_result(CALL1(SYS_getpgid, pid));
}

pid_t getpgrp(void)
{
	return getpgid(0);
}

pid_t getsid(pid_t pid)
{
	return linux_result(CALL1(SYS_getsid, pid));
}

pid_t setsid(void)
{
	return linux_result(CALL0(SYS_setsid));
}

int sched_yield(void)
{
	return linux_result(CALL0(SYS_sched_yield));
}

int prlimit(pid_t pid, int resource, const struct rlimit *set,
            struct rlimit *get)
{
	return linux_result(CALL4(SYS_prlimit64, pid, resource, set, get));
}

int getrlimit(int resource, struct rlimit *limit)
{
	return prlimit(0, resource, NULL, limit);
}

int setrlimit(int resource, const struct rlimit *limit)
{
	return prlimit(0, resource, limit, NULL);
}

int getrusage(int who, struct rusage *usage)
{
	return linux_result(CALL2(SYS_getrusage, who, usage));
}
