// Signals: handlers, masks, restarts, faults, timers, stop and continue.
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int count, last, depth, deepest, budget;
static volatile sig_atomic_t sender, code;

static void nap(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

// Its signals may interrupt us: then it is waited for again.
static int finish(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void note(int signal)
{
	count++;
	last = signal;
}

static void handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = handler;
	action.sa_flags = flags;
	sigaction(signal, &action, NULL);
}

static void simple(void)
{
	struct sigaction old;

	handle(SIGUSR1, note, 0);
	raise(SIGUSR1);
	printf("raised %d %d", count, last == SIGUSR1);
	kill(getpid(), SIGUSR1);
	printf(" killed %d", count);
	sigaction(SIGUSR1, NULL, &old);
	printf(" handler %d\n", old.sa_handler == note);
	signal(SIGUSR2, SIG_IGN);
	kill(getpid(), SIGUSR2);
	printf("ignored %d\n", count);
	printf("kill %d", sigaction(SIGKILL, &old, NULL));
	printf(" %d stop %d", errno == EINVAL, sigaction(SIGSTOP, &old, NULL));
	printf(" %d number %d", errno == EINVAL, sigaction(99, &old, NULL));
	printf(" %d\n", errno == EINVAL);
}

static void details(int signal, siginfo_t *info, void *context)
{
	(void)signal, (void)context;
	sender = info->si_pid;
	code = info->si_code;
}

static void information(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_sigaction = details;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGUSR1, &action, NULL);
	kill(getpid(), SIGUSR1);
	printf("from me %d by kill %d\n", sender == getpid(), code == SI_USER);
	pid_t pid = fork();
	if (pid == 0) {
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	finish(pid);
	printf("from my child %d\n", sender == pid);
}

static void masks(void)
{
	sigset_t set, old, pending;

	handle(SIGUSR1, note, 0);
	count = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	printf("was blocked %d", sigismember(&old, SIGUSR1));
	for (int i = 0; i < 3; i++)
		kill(getpid(), SIGUSR1);
	sigpending(&pending);
	printf(" handled %d pending %d", count,
	       sigismember(&pending, SIGUSR1));
	sigprocmask(SIG_SETMASK, &old, NULL);
	printf(" then %d\n", count); // once: it is not counted
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	sigemptyset(&set);
	printf("suspend %d", sigsuspend(&set));
	printf(" %d handled %d", errno == EINTR, count);
	sigprocmask(SIG_SETMASK, NULL, &set);
	printf(" blocked again %d\n", sigismember(&set, SIGUSR1));
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void nest(int signal)
{
	if (++depth > deepest)
		deepest = depth;
	if (--budget > 0)
		raise(signal);
	depth--;
}

// A handler is not interrupted by its own signal, unless it says so.
static void nesting(void)
{
	budget = 3;
	handle(SIGUSR1, nest, 0);
	raise(SIGUSR1);
	printf("nested %d", deepest);
	deepest = 0;
	budget = 3;
	handle(SIGUSR1, nest, SA_NODEFER);
	raise(SIGUSR1);
	printf(" without defer %d\n", deepest);
	handle(SIGUSR1, note, (int)SA_RESETHAND);
	raise(SIGUSR1);
	struct sigaction old;
	sigaction(SIGUSR1, NULL, &old);
	printf("reset %d\n", old.sa_handler == SIG_DFL);
}

// Again and again: one of them comes when the parent waits, be it late.
static pid_t soon(int signal, int ms)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		for (;;) {
			nap(ms);
			kill(parent, signal);
		}
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	finish(pid);
}

static void interruption(void)
{
	int ends[2];
	char byte = 7;

	pipe(ends);
	handle(SIGUSR1, note, 0);
	pid_t pid = soon(SIGUSR1, 30);
	int broken = read(ends[0], &byte, 1) < 0 && errno == EINTR;
	stop(pid);
	printf("read interrupted %d", broken);
	handle(SIGUSR1, note, SA_RESTART);
	pid_t writer = fork();
	if (writer == 0) {
		nap(80);
		write(ends[1], &byte, 1);
		_exit(0);
	}
	pid = soon(SIGUSR1, 30);
	printf(" restarted %ld\n", (long)read(ends[0], &byte, 1));
	stop(pid);
	finish(writer);

	struct timespec long_time = { 1000, 0 }, left = { 0, 0 };
	pid = soon(SIGUSR1, 30);
	broken = nanosleep(&long_time, &left) < 0 && errno == EINTR;
	stop(pid);
	printf("sleep interrupted %d left %d\n", broken, left.tv_sec >= 900);
	pid_t child = fork();
	if (child == 0) {
		read(ends[0], &byte, 1);
		_exit(3);
	}
	handle(SIGUSR1, note, 0);
	pid = soon(SIGUSR1, 30);
	int status = 0;
	broken = waitpid(child, &status, 0) < 0 && errno == EINTR;
	stop(pid);
	printf("wait interrupted %d", broken);
	write(ends[1], &byte, 1);
	printf(" %d", waitpid(child, &status, 0) == child);
	printf(" %d\n", WEXITSTATUS(status));
	close(ends[0]);
	close(ends[1]);
}

static sigjmp_buf place;
static void *volatile fault_address;

static void fault(int signal, siginfo_t *info, void *context)
{
	(void)context;
	last = signal;
	fault_address = info->si_addr;
	siglongjmp(place, 1);
}

static void faults(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_sigaction = fault;
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	sigaction(SIGTRAP, &action, NULL);
	for (volatile long address = 8; address <= 1L << 37; address <<= 17)
		if (sigsetjmp(place, 1) == 0)
			*(volatile char *)address = 1;
		else
			printf("fault %d %d\n", last == SIGSEGV,
			       fault_address == (void *)address);
	if (sigsetjmp(place, 1) == 0)
		__asm__ volatile(".4byte 0");
	else
		printf("illegal %d\n", last == SIGILL);
	signal(SIGSEGV, SIG_DFL);
	signal(SIGILL, SIG_DFL);
	signal(SIGTRAP, SIG_DFL);
}

// On a stack of its own a handler can tell even of a stack overflow.
static char other_stack[16384];

static void overflown(int signal)
{
	char here;

	(void)signal;
	_exit(&here >= other_stack && &here < other_stack + 16384 ? 5 : 6);
}

// Each frame knows the one above: so that no compiler makes a loop of it.
static int recurse(volatile char *above)
{
	volatile char frame[1000];

	frame[0] = above[0] + 1;
	return above == frame ? 0 : recurse(frame) + above[0];
}

static void alternative(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		stack_t stack;

		memset(&stack, 0, sizeof stack);
		stack.ss_sp = other_stack;
		stack.ss_size = sizeof other_stack;
		sigaltstack(&stack, NULL);
		handle(SIGSEGV, overflown, SA_ONSTACK);
		_exit(recurse(other_stack) & 1);
	}
	printf("overflow handled %d\n", WEXITSTATUS(finish(pid)));
}

static void timers(void)
{
	struct itimerval timer, left;

	memset(&timer, 0, sizeof timer);
	handle(SIGALRM, note, 0);
	count = 0;
	timer.it_value.tv_usec = 20000;
	timer.it_interval.tv_usec = 10000;
	setitimer(ITIMER_REAL, &timer, NULL);
	while (count < 5)
		pause();
	memset(&timer, 0, sizeof timer);
	setitimer(ITIMER_REAL, &timer, &left);
	printf("alarms %d", count >= 5);
	alarm(100);
	printf(" left %d", alarm(0) > 90);
	printf(" none %d\n", (int)alarm(0));
}

static void stopping(void)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			nap(1000);
	kill(pid, SIGSTOP);
	printf("stopped %d", waitpid(pid, &status, WUNTRACED) == pid);
	printf(" %d", WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	printf(" again %d", (int)waitpid(pid, &status, WUNTRACED | WNOHANG));
	kill(pid, SIGCONT);
	printf(" continued %d", waitpid(pid, &status, WCONTINUED) == pid);
	printf(" %d", WIFCONTINUED(status) != 0);
	kill(pid, SIGTERM);
	printf(" ended %d", waitpid(pid, &status, 0) == pid);
	printf(" %d\n", WTERMSIG(status) == SIGTERM);
}

static void children(void)
{
	handle(SIGCHLD, note, 0);
	count = 0;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	while (count == 0)
		nap(5);
	printf("child %d", last == SIGCHLD);
	printf(" waited %d\n", waitpid(pid, NULL, 0) == pid);
	// Nobody wants to know of them: they leave nothing.
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid == 0)
		_exit(0);
	printf("ignored %d", (int)waitpid(pid, NULL, 0));
	printf(" %d\n", errno == ECHILD);
	signal(SIGCHLD, SIG_DFL);
}

// Float registers are the interrupted code's again after a handler used them.
static void use_floats(int signal)
{
	volatile double x = signal;

	for (int i = 0; i < 100; i++)
		x = x * 1.5 + 1;
	count++;
}

static void registers(void)
{
	struct itimerval timer;
	double sum = 0;

	memset(&timer, 0, sizeof timer);
	handle(SIGALRM, use_floats, 0);
	count = 0;
	timer.it_value.tv_usec = timer.it_interval.tv_usec = 1000;
	setitimer(ITIMER_REAL, &timer, NULL);
	for (long rounds = 0; count < 20; rounds++) {
		double a = 0;

		for (int i = 1; i <= 1000; i++)
			a += i;
		if (a != 500500)
			sum++;
	}
	memset(&timer, 0, sizeof timer);
	setitimer(ITIMER_REAL, &timer, NULL);
	printf("floats wrong %d\n", (int)sum);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 1024);
	simple();
	information();
	masks();
	nesting();
	interruption();
	faults();
	alternative();
	timers();
	stopping();
	children();
	registers();
	return 0;
}
