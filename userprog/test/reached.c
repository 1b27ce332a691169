// A signal to the group while one of it forks, which takes several passes: the
// child has it in the end, from its parent or by itself.
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE   (4000 * 4096ul)   // to be shared by fork()
#define ROUNDS 20

static volatile sig_atomic_t got;
static int ready[2], sent[2];

static void handler(int signal)
{
	(void)signal;
	got = 1;
}

// read() may be cut short by the signal itself.
static void await(int fd)
{
	char byte;

	while (read(fd, &byte, 1) < 0)
		;
}

static int grandchild(void)
{
	close(sent[1]);
	await(sent[0]);
	return got ? 0 : 1;
}

// The leader of a group of two.
static int member(void)
{
	struct sigaction action = { .sa_handler = handler };
	int status = -1;
	pid_t child;

	setpgid(0, 0);
	sigaction(SIGUSR1, &action, NULL);
	memset(mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1, SIZE);
	write(ready[1], "", 1);
	child = fork();
	if (child == 0)
		_exit(grandchild());
	close(sent[1]);
	while (waitpid(child, &status, 0) < 0)
		;
	return WEXITSTATUS(status);
}

int main(void)
{
	int missed = 0;

	for (int round = 0; round < ROUNDS; round++) {
		int status = -1;
		pid_t pid;

		pipe(ready);
		pipe(sent);
		pid = fork();
		if (pid == 0)
			_exit(member());
		await(ready[0]);
		for (int i = 0; i < round; i++)
			sched_yield();
		kill(-pid, SIGUSR1);
		write(sent[1], "..", 2);
		waitpid(pid, &status, 0);
		missed += status != 0;
		close(ready[0]), close(ready[1]);
		close(sent[0]), close(sent[1]);
	}
	printf("%d of %d missed it\n", missed, ROUNDS);
	return missed != 0;
}
