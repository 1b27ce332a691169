// posix_spawn(): files, group, signals, and what goes wrong, told at once.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int status_of(pid_t pid)
{
	int status = 0;

	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

// In the child: what we were given.
static int told(void)
{
	struct sigaction usr1, usr2;
	sigset_t mask;
	char text[16] = "";

	read(0, text, sizeof text - 1);
	sigaction(SIGUSR1, NULL, &usr1);
	sigaction(SIGUSR2, NULL, &usr2);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	printf("stdin <%s> leads %d USR1 %d USR2 %d TERM blocked %d fd 9 %d\n",
	       text, getpgrp() == getpid(), usr1.sa_handler == SIG_DFL,
	       usr2.sa_handler == SIG_IGN, sigismember(&mask, SIGTERM) == 1,
	       fcntl(9, F_GETFD) >= 0);
	return 42;
}

static void caught(int signal)
{
	(void)signal;
	printf("never\n");
}

static void with_everything(char *self)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	char *argv[] = { self, "told", NULL };
	sigset_t some;
	pid_t pid = 0;
	int ends[2], error;

	pipe(ends);
	write(ends[1], "hello", 5);
	close(ends[1]);
	dup2(2, 9);
	signal(SIGUSR1, caught);
	signal(SIGUSR2, SIG_IGN);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, ends[0], 0);
	posix_spawn_file_actions_addclose(&files, 9);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
	                                        POSIX_SPAWN_SETSIGMASK);
	sigemptyset(&some);
	sigaddset(&some, SIGTERM);
	posix_spawnattr_setsigmask(&attr, &some);
	fflush(stdout);
	error = posix_spawn(&pid, self, &files, &attr, argv, environ);
	printf("error %d", error);
	printf(" status %d\n", status_of(pid));
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	close(ends[0]);
}

static void wrong(const char *what, const char *path, int missing)
{
	posix_spawn_file_actions_t files;
	char *argv[] = { "x", NULL };
	pid_t pid = -7;
	int error;

	posix_spawn_file_actions_init(&files);
	if (missing)
		posix_spawn_file_actions_addopen(&files, 5, "/no/such/file",
		                                 O_RDONLY, 0);
	error = posix_spawn(&pid, path, &files, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	printf("%s: %s, pid %d, left %d\n", what, strerror(error), pid,
	       waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

int main(int argc, char **argv)
{
	char *ls[] = { "true", NULL };
	pid_t pid = 0;

	if (argc > 1)
		return told();
	with_everything(argv[0]);
	wrong("no program", "/no/such/program", 0);
	wrong("no file", argv[0], 1);
	printf("by name %d",
	       posix_spawnp(&pid, "true", NULL, NULL, ls, environ));
	printf(" status %d\n", status_of(pid));
	return 0;
}
