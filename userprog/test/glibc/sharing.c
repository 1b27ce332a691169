// What clone() shares without making a thread, and what is left of it after
// execve(): descriptors and handlers become one's own, the directory does not.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// All children, whatever signal they end with; other libraries lack these.
#ifndef __WALL
#define __WALL 0x40000000
#endif
int clone(int (*run)(void *), void *stack, int flags, void *arg, ...);

static const char *self;
static char stack[1 << 16] __attribute__((aligned(16)));

static void execute(const char *role)
{
	execl(self, self, role, NULL);
	_exit(99);
}

static int is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void tell_files(const char *who)
{
	printf("%s: 10 %d 11 %d 12 %d\n", who, is_open(10), is_open(11),
	       is_open(12));
	fflush(stdout);
}

static void tell_place(const char *who)
{
	char path[100] = "";
	mode_t mask = umask(0);

	umask(mask);
	printf("%s: %s %o\n", who, getcwd(path, sizeof path), (int)mask);
	fflush(stdout);
}

// 0: by default, 1: ignored, 2: a handler.
static int how(int signal)
{
	struct sigaction action;

	sigaction(signal, NULL, &action);
	if (action.sa_handler == SIG_DFL)
		return 0;
	return action.sa_handler == SIG_IGN ? 1 : 2;
}

static void tell_signals(const char *who)
{
	printf("%s: USR1 %d USR2 %d\n", who, how(SIGUSR1), how(SIGUSR2));
	fflush(stdout);
}

// ---- after execve() ----

static int executed(const char *role)
{
	if (strcmp(role, "files") == 0) {
		tell_files("executed");
		close(11);
	} else if (strcmp(role, "place") == 0) {
		tell_place("executed");
		if (chdir("/"))
			return 1;
		umask(077);
	} else if (strcmp(role, "signals") == 0) {
		tell_signals("executed");
		signal(SIGUSR1, SIG_IGN);
	}
	return 0;
}

// ---- before ----

static void end(pid_t pid)
{
	int status = -1;

	waitpid(pid, &status, __WALL);
	printf("status %d\n", status);
	fflush(stdout);
}

static pid_t child_with(long flags)
{
	return syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

static void files(void)
{
	int fd = open("/dev/null", O_RDONLY);
	pid_t pid;

	dup3(fd, 10, O_CLOEXEC);
	dup2(fd, 11);
	pid = child_with(CLONE_FILES);
	if (pid == 0) {
		dup2(11, 12);
		execute("files");
	}
	end(pid);
	tell_files("shared");
	pid = child_with(CLONE_FILES);
	if (pid == 0) {
		close(12);
		_exit(0);
	}
	end(pid);
	tell_files("closed by the other");
}

static void place(void)
{
	pid_t pid = child_with(CLONE_FS);

	if (pid == 0) {
		umask(027);
		_exit(chdir("/dev") ? 1 : (execute("place"), 2));
	}
	end(pid);
	tell_place("shared");
}

static void nothing(int signal)
{
	(void)signal;
}

static int sets(void *unused)
{
	(void)unused;
	signal(SIGUSR1, nothing);
	_exit(0);
}

static int sets_and_executes(void *unused)
{
	(void)unused;
	signal(SIGUSR2, nothing);
	execute("signals");
	return 0;
}

static void signals(void)
{
	long flags = CLONE_VM | CLONE_SIGHAND | SIGCHLD;

	end(clone(sets, stack + sizeof stack, flags, NULL));
	tell_signals("shared");
	end(clone(sets_and_executes, stack + sizeof stack, flags, NULL));
	tell_signals("shared");
	signal(SIGUSR1, SIG_IGN);
	end(clone(sets, stack + sizeof stack, flags & ~CLONE_SIGHAND, NULL));
	tell_signals("not shared");
}

// ---- memory ----

#define LARGE (600 * 4096L)
static volatile unsigned long rounds;

static __attribute__((noreturn)) int maps(void *unused)
{
	(void)unused;
	for (;; rounds++) {
		char *at = mmap(NULL, LARGE, PROT_READ | PROT_WRITE,
		                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (long i = 0; i < LARGE; i += 4096)
			at[i] = 1;
		munmap(at, LARGE);
	}
}

// Who is killed while it unmaps leaves the memory in order for who has it, too.
static void memory(void)
{
	for (int i = 0; i < 20; i++) {
		pid_t pid = clone(maps, stack + sizeof stack, CLONE_VM, NULL);
		unsigned long before = rounds;
		char *at;

		while (rounds == before)
			sched_yield();
		for (int n = 0; n < i; n++)
			sched_yield();
		syscall(SYS_kill, pid, SIGKILL);
		at = mmap(NULL, LARGE, PROT_READ | PROT_WRITE,
		          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		at[LARGE - 1] = 1;
		munmap(at, LARGE);
		waitpid(pid, NULL, __WALL);
	}
	printf("killed while it maps\n");
}

int main(int argc, char **argv)
{
	self = argv[0];
	if (argc == 2)
		return executed(argv[1]);
	files();
	place();
	signals();
	memory();
	return 0;
}
