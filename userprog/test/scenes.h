// What the soak is made of: scenes that check themselves.  Each runs in a
// process group of its own, which may be killed at any moment.  0: all is well;
// else the number of the line that does not hold.
#pragma once
#include "soak.h"

// ---- pipelines --------------------------------------------------------------

static int pipeline(void)
{
	int stages = 1 + draw(4), from = -1, ends[2];
	long total = draw(60000);

	for (int i = 0; i <= stages; i++) {
		CLAIM(pipe(ends) == 0);
		unsigned long seed = 1 + draw(1ul << 30);
		pid_t pid = fork();
		CLAIM(pid >= 0);
		if (pid == 0) {
			state = seed;
			close(ends[0]);
			_exit(i ? pass_on(from, ends[1]) != 0
			        : send_bytes(ends[1], total) != 0);
		}
		close(ends[1]);
		close(from);
		from = ends[0];
	}
	int wrong = take_in(from, total), status;
	for (int i = 0; i <= stages; i++)
		CLAIM(wait(&status) > 0 && status == 0);
	return wrong;
}

#define LINES 5

static const struct {
	const char *line;
	int status;
} lines[LINES] = {
	{ "test $(seq 1 200 | sort -rn | head -n 3 | wc -l) = 3", 0 },
	{ "for i in a b c; do echo $i; done | grep -c . >/dev/null", 0 },
	{ "(sleep 0.2; exit 3) & wait $!", 3 },
	{ "yes | head -n 400 | tr y n | uniq | grep -q n", 0 },
	{ "cat <<end | while read x; do test $x = hello; done\nhello\nend", 0 },
};
static int line = -1; // the next one to run; -1: any

static int shell_line(void)
{
	int which = line < 0 ? (int)draw(LINES) : line;
	pid_t pid = fork();

	CLAIM(pid >= 0);
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", lines[which].line, (char *)NULL);
		_exit(99);
	}
	CLAIM(ended(pid, lines[which].status));
	return 0;
}

// ---- families ---------------------------------------------------------------

static int storm(void)
{
	int count = 1 + draw(16), programs = draw(2);
	pid_t pids[16];

	for (int i = 0; i < count; i++) {
		bool lent = draw(4) == 0;

		pids[i] = lent ? vfork() : fork();
		CLAIM(pids[i] >= 0);
		if (pids[i] == 0) {
			if (lent || programs)
				execl("/bin/true", "true", (char *)NULL);
			nap(draw(30));
			_exit(i);
		}
		programs = lent ? programs : (int)draw(2);
	}
	for (int i = 0, status; i < count; i++)
		CLAIM(waitpid(pids[i], &status, 0) == pids[i] &&
		      WIFEXITED(status));
	// Orphans, which end by themselves.
	for (int i = draw(4); i > 0; i--)
		if (fork() == 0) {
			nap(draw(100));
			_exit(0);
		}
	return 0;
}

static int stopped(void)
{
	int status;
	pid_t pid = fork();

	CLAIM(pid >= 0);
	while (pid == 0)
		nap(draw(5));
	for (int i = draw(5); i >= 0; i--) {
		kill(pid, SIGSTOP);
		CLAIM(waitpid(pid, &status, WUNTRACED) == pid &&
		      WIFSTOPPED(status));
		nap(draw(20));
		kill(pid, SIGCONT);
		CLAIM(waitpid(pid, &status, WCONTINUED) == pid &&
		      WIFCONTINUED(status));
	}
	kill(pid, SIGTERM);
	CLAIM(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status));
	return 0;
}

// ---- threads ----------------------------------------------------------------

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t turnstile;
static long filled, moved, rounds;

static void *produce(void *unused)
{
	for (long i = 0; i < rounds; i++) {
		pthread_mutex_lock(&lock);
		while (filled == 4)
			pthread_cond_wait(&changed, &lock);
		filled++;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
		sem_post(&turnstile);
	}
	return unused;
}

static void *consume(void *unused)
{
	for (long i = 0; i < rounds; i++) {
		sem_wait(&turnstile);
		pthread_mutex_lock(&lock);
		while (filled == 0)
			pthread_cond_wait(&changed, &lock);
		filled--;
		moved++;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
		if (i % 16 == 0)
			nap(1);
	}
	return unused;
}

static int threads(void)
{
	int pairs = 1 + draw(4);
	pthread_t all[8];

	rounds = 1 + draw(200);
	sem_init(&turnstile, 0, 0);
	for (int i = 0; i < 2 * pairs; i++)
		CLAIM(pthread_create(&all[i], NULL, i % 2 ? produce : consume,
		                     NULL) == 0);
	if (draw(4) == 0)
		return 0;        // exit() while they run
	for (int i = 0; i < 2 * pairs; i++)
		pthread_join(all[i], NULL);
	CLAIM(filled == 0 && moved == pairs * rounds);
	return 0;
}

// ---- signals ----------------------------------------------------------------

static volatile int alarms, users;

static void handle(int signal)
{
	if (signal == SIGALRM)
		alarms++;
	else
		users++;
}

static int signals(void)
{
	struct itimerval soon = { { 0, 2000 }, { 0, 1000 + draw(9000) } };
	static const struct itimerval never;
	int ends[2], wanted = 1 + draw(5);
	struct sigaction action = { .sa_handler = handle };
	sigset_t set, before;
	char c;

	CLAIM(pipe(ends) == 0);
	sigaction(SIGALRM, &action, NULL); // without SA_RESTART
	sigaction(SIGUSR1, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	while (alarms < wanted)
		CLAIM(read(ends[0], &c, 1) == -1 && errno == EINTR);
	setitimer(ITIMER_REAL, &never, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &before);
	for (int i = 1; i <= 20; i++) {
		kill(getpid(), SIGUSR1);
		sigsuspend(&before);
		CLAIM(users == i);
	}
	return 0;
}

// ---- batches ----------------------------------------------------------------

static struct batch_call calls[40];
static char received[40];

static int batches(void)
{
	int count = 1 + draw(40), ends[2];
	struct timespec t[40];
	static volatile uint32_t done;

	CLAIM(pipe(ends) == 0);
	for (int i = 0; i < count; i++) {
		bool reads = draw(3) == 0;

		t[i] = (struct timespec){ 0, draw(50) * MS };
		calls[i].number = reads ? SYS_read : SYS_nanosleep;
		calls[i].argument[0] = reads ? (uint64_t)ends[0]
		                             : (uint64_t)&t[i];
		calls[i].argument[1] = reads ? (uint64_t)&received[i] : 0;
		calls[i].argument[2] = reads;
	}
	CLAIM(batch(calls, count, 0, (uint32_t *)&done) >= 0);
	switch (draw(4)) {
	case 0:                  // it ends while they are in flight
		return 0;
	case 1:                  // it is another program then
		execl("/bin/true", "true", (char *)NULL);
		return __LINE__;
	case 2:
		for (int i = 0; i < count; i++)
			if (calls[i].status == 1)
				batch_cancel(&calls[i]);
		break;
	default:
		CLAIM(write(ends[1], piece, count) == count);
	}
	for (int i = 0; i < 100 && done < (unsigned)count; i++)
		nap(5);
	CLAIM(done == (unsigned)count);
	return 0;
}

// ---- memory -----------------------------------------------------------------

static int memory(void)
{
	long pages = 1 + draw(64);
	char *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CLAIM(at != MAP_FAILED);
	for (long i = 0; i < pages; i++)
		at[i * PAGE] = byte_at(i);
	pid_t pid = fork();
	CLAIM(pid >= 0);
	for (long i = 0; pid == 0 && i < pages; i++) {
		if (at[i * PAGE] != byte_at(i))
			_exit(1);
		at[i * PAGE] = 1;
	}
	if (pid == 0)
		_exit(0);
	long hole = draw(pages);
	CLAIM(mprotect(at + hole * PAGE, PAGE, PROT_READ) == 0);
	CLAIM(read(open("/dev/zero", O_RDONLY), at + hole * PAGE, 1) == -1);
	CLAIM(at[hole * PAGE] == byte_at(hole));
	CLAIM(munmap(at + hole * PAGE, PAGE) == 0);
	CLAIM(ended(pid, 0));
	for (long i = 0; i < pages; i++)
		CLAIM(i == hole || at[i * PAGE] == byte_at(i));
	char *more = sbrk(draw(20) * PAGE);
	CLAIM(more != (char *)-1);
	char *block = malloc(draw(100000) + 1);
	CLAIM(block != NULL);
	memset(block, 1, 1);
	return 0;
}

// ---- files ------------------------------------------------------------------

// In a folder of its own, which is removed afterwards, whatever happened.
static int files(void)
{
	long total = draw(100000);
	int fd = open("a", O_RDWR | O_CREAT | O_EXCL, 0644);

	if (fd < 0)
		return errno == EROFS ? 0 : __LINE__;
	CLAIM(send_bytes(fd, total) == 0);
	CLAIM(lseek(fd, 0, SEEK_SET) == 0 && take_in(fd, total) == 0);
	CLAIM(mkdir("d", 0755) == 0 && rename("a", "d/b") == 0);
	CLAIM(open("a", O_RDONLY) == -1 && errno == ENOENT);
	long cut = draw(total + 1);
	CLAIM(ftruncate(fd, cut) == 0 && lseek(fd, 0, SEEK_END) == cut);
	if (draw(2))
		CLAIM(unlink("d/b") == 0 && rmdir("d") == 0);
	CLAIM(lseek(fd, 0, SEEK_SET) == 0 && take_in(fd, cut) == 0);
	return 0;
}

static int polls(void)
{
	struct pollfd fds[8];
	int ends[8][2], ready = draw(8);

	for (int i = 0; i < 8; i++) {
		CLAIM(pipe(ends[i]) == 0);
		fds[i] = (struct pollfd){ ends[i][0], POLLIN, 0 };
	}
	CLAIM(poll(fds, 8, draw(30)) == 0);
	pid_t pid = fork();
	CLAIM(pid >= 0);
	if (pid == 0) {
		nap(draw(30));
		_exit(write(ends[ready][1], "x", 1) != 1);
	}
	CLAIM(poll(fds, 8, 60000) == 1 && fds[ready].revents == POLLIN);
	CLAIM(ended(pid, 0));
	return 0;
}
