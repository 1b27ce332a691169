// What comes between: signals while a call takes several passes through the
// kernel, the end of the first thread before that of the others, a handler
// between a fork and the next use of floats.
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MANY (4 << 20) // bytes: many passes

static volatile int count;

static void note(int signal)
{
	(void)signal;
	count++;
}

static void handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof action);
	action.sa_handler = handler;
	action.sa_flags = flags;
	sigaction(signal, &action, NULL);
}

static void nap(int ms)
{
	struct timespec t = { 0, ms * 1000000L };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

static void alarms(int first_ms, int every_ms)
{
	struct itimerval t = { { 0, every_ms * 1000 }, { 0, first_ms * 1000 } };

	setitimer(ITIMER_REAL, &t, NULL);
}

static int finish(pid_t pid)
{
	int status = -1;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static char *take(size_t size)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(memory, 1, size);
	return memory;
}

// ---- calls of many passes, a signal every millisecond, no SA_RESTART -------

static void forks(void)
{
	char *memory = take(MANY);
	int errors = 0;

	handle(SIGALRM, note, 0);
	alarms(1, 1);
	for (int i = 0; i < 10; i++) {
		char *more = take(MANY / 4);
		pid_t pid = fork();

		if (pid == 0)
			_exit(7);
		errors += pid < 0 || finish(pid) != 7 << 8;
		errors += munmap(more, MANY / 4) < 0;
		memset(memory, 1, MANY);
	}
	alarms(0, 0);
	munmap(memory, MANY);
	printf("fork and munmap under alarms: bad %d, alarms %d\n", errors,
	       count > 0);
}

// A handler that ran while the memory goes would find none of its own.
static void exits(void)
{
	int errors = 0;

	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			take(MANY);
			alarms(1, 1);
			_exit(42);
		}
		errors += finish(pid) != 42 << 8;
	}
	printf("exit under alarms: bad %d\n", errors);
}

// The handler waits until the child has given the memory back.
static void lends(void)
{
	volatile int children = 0;
	pid_t pid;

	count = 0;
	handle(SIGALRM, note, SA_RESTART);
	alarms(10, 0);
	pid = vfork();
	if (pid == 0) {
		struct timespec t = { 0, 60000000 };

		nanosleep(&t, NULL);
		_exit(count);
	}
	while (wait(NULL) > 0)
		children++;
	printf("vfork under an alarm: %d, children %d, handlers %d\n", pid > 0,
	       children, count);
}

// ---- the first thread ends -------------------------------------------------

static void *go_on(void *arg)
{
	(void)arg;
	nap(20);
	kill(getpid(), SIGUSR1);
	nap(60);
	exit(count);             // of one signal and one alarm
}

static void leaders(void)
{
	pid_t pid = fork();
	pthread_t thread;

	if (pid == 0) {
		count = 0;
		handle(SIGUSR1, note, 0);
		handle(SIGALRM, note, 0);
		alarms(50, 0);
		pthread_create(&thread, NULL, go_on, NULL);
		pthread_exit(NULL);
	}
	printf("without the first thread: %d handlers\n", finish(pid) >> 8);
}

static void *look(void *arg)
{
	sigaltstack(NULL, arg);
	return NULL;
}

static void stacks(void)
{
	static char room[32768];
	stack_t stack, other;
	pthread_t thread;

	memset(&stack, 0, sizeof stack);
	stack.ss_sp = room;
	stack.ss_size = sizeof room;
	sigaltstack(&stack, NULL);
	pthread_create(&thread, NULL, look, &other);
	pthread_join(thread, NULL);
	printf("a thread's handler stack: %s\n",
	       other.ss_flags & SS_DISABLE ? "none" : "its parent's");
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
}

// ---- signals that are discarded --------------------------------------------

static void discards(void)
{
	sigset_t set, old;
	int stops;

	handle(SIGTSTP, note, 0);
	handle(SIGUSR1, note, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	count = 0;
	for (int i = 0; i < 3; i++) {
		kill(getpid(), SIGCONT);
		kill(getpid(), SIGTSTP);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	stops = count;
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	signal(SIGUSR1, SIG_IGN);
	handle(SIGUSR1, note, 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	printf("discarded: %d of 3 stops, %d of 1 ignored\n", stops,
	       count - stops);
}

// Its parent ends: nobody else would continue it.
static void orphan(int to)
{
	char byte = 1;

	setpgid(0, 0);
	signal(SIGHUP, SIG_IGN);
	kill(getpid(), SIGSTOP);
	write(to, &byte, 1);
	_exit(0);
}

static void orphans(void)
{
	int ends[2], status;
	char byte = 0;
	pid_t pid;

	pipe(ends);
	pid = fork();
	if (pid == 0) {
		pid = fork();
		if (pid == 0)
			orphan(ends[1]);
		waitpid(pid, &status, WUNTRACED);
		_exit(WIFSTOPPED(status));
	}
	status = finish(pid);
	close(ends[1]);
	read(ends[0], &byte, 1);
	close(ends[0]);
	printf("stopped orphan: stopped %d, went on %d\n", status >> 8, byte);
}

// ---- floats ----------------------------------------------------------------

static volatile double product = 1;

static void multiply(int signal)
{
	(void)signal;
	product = product * 1.5;
}

// Nothing between the two uses of fs5 may use floats, nor store it.
#define KEEP(value) asm volatile("fmv.d.x fs5, %0" ::"r"(value) : "fs5")
#define KEPT() ({ long v_; asm volatile("fmv.x.d %0, fs5" : "=r"(v_)); v_; })

static void floats(void)
{
	pid_t pid;
	int here;

	handle(SIGUSR1, multiply, 0);
	KEEP(0x4045000000000000);
	pid = fork();
	if (pid == 0) {
		kill(getpid(), SIGUSR1);
		_exit(KEPT() == 0x4045000000000000);
	}
	KEEP(0x4046000000000000);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR1);
	here = KEPT() == 0x4046000000000000;
	printf("floats kept: after fork %d, after handlers %d\n",
	       finish(pid) >> 8, here);
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	forks();
	exits();
	lends();
	leaders();
	stacks();
	discards();
	orphans();
	floats();
	return 0;
}
