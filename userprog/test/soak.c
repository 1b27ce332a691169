// A mixed load from a seed: drivers that run one scene after the other, each in
// a group of its own, and kill every third one at some moment.  Afterwards as
// many pages must be free, and as many processes be there, as before.
//	soak [SEED [SECONDS [DRIVERS]]]
#include "scenes.h"
#include <sys/sysinfo.h>

TOOL("soak", "soak [SEED [SECONDS [DRIVERS]]]");

static const struct {
	const char *name;
	int (*run)(void);
} scenes[] = {
	{ "pipeline", pipeline }, { "shell", shell_line },
	{ "storm", storm },       { "stopped", stopped },
	{ "threads", threads },   { "signals", signals },
	{ "batches", batches },   { "memory", memory },
	{ "files", files },       { "polls", polls },
};
#define SCENES (int)(sizeof scenes / sizeof scenes[0])

struct tally {
	long run[SCENES], killed, bad;
};
static struct tally *tally; // shared by all

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void enter_folder(char *folder)
{
	format(folder, 32, "/tmp/soak%d", getpid());
	if (mkdir(folder, 0755) == 0)
		chdir(folder);
}

static void remove_folder(const char *folder)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/rm", "rm", "-rf", folder, (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

// Whatever is left of the group: orphans that init looks after.
static void end_group(pid_t group)
{
	while (kill(-group, SIGKILL) == 0)
		nap(1);
}

static void play(int which, bool kills)
{
	unsigned long seed = 1 + draw(1ul << 40);
	char folder[32];
	int status, wrong;
	pid_t pid = fork();

	if (pid == 0) {
		setpgid(0, 0);
		enter_folder(folder);
		state = seed;
		wrong = scenes[which].run();
		exit(wrong ? 1 + wrong % 255 : 0);
	}
	if (pid < 0) {
		tally->bad++;
		return;
	}
	setpgid(pid, pid);
	if (kills) {
		nap(draw(60));
		kill(-pid, draw(2) ? SIGKILL : SIGTERM);
		kill(-pid, SIGCONT);
	}
	waitpid(pid, &status, 0);
	end_group(pid);
	format(folder, sizeof folder, "/tmp/soak%d", pid);
	remove_folder(folder);
	tally->run[which]++;
	tally->killed += WIFSIGNALED(status);
	if (WIFSIGNALED(status) ? !kills : WEXITSTATUS(status) != 0) {
		tally->bad++;
		message("bad: %s with state %lu: status %x\n",
		        scenes[which].name, seed, status);
	}
}

static void drive(unsigned long seed, long until)
{
	state = seed;
	while (now() < until) {
		play(draw(SCENES), draw(3) == 0);
		nap(draw(200));
	}
}

static void drive_all(unsigned long seed, int drivers, long until)
{
	for (int i = 0; i < drivers; i++)
		if (fork() == 0) {
			drive(1 + seed * 1000 + i, until);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
}

static struct sysinfo measure(void)
{
	struct sysinfo info = { 0 };

	nap(2000);       // orphans have ended
	sysinfo(&info);
	return info;
}

static void report(unsigned long seed, long seconds)
{
	long count = 0;

	for (int i = 0; i < SCENES; i++) {
		print("%s %ld, ", scenes[i].name, tally->run[i]);
		count += tally->run[i];
	}
	print("\nsoak: seed %lu, %ld seconds, %ld scenes, ", seed, seconds,
	      count);
	print("%ld killed, %ld bad\n", tally->killed, tally->bad);
}

int main(int argc, char **argv)
{
	long seed = argc > 1 ? need_number(argv[1]) : 1;
	long seconds = argc > 2 ? need_number(argv[2]) : 20;
	long drivers = argc > 3 ? need_number(argv[3]) : 6;

	tally = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
	             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED)
		return complain("mmap");
	// The first rounds fill what the kernel keeps for the next ones; of
	// each program in the root, that is the page that is not aligned.
	for (line = 0; line < LINES; line++)
		for (int i = 0; i < SCENES; i++)
			play(i, false);
	line = -1;
	drive_all(seed, drivers, now() + 2);
	struct sysinfo before = measure();
	long start = now();
	drive_all(seed + 1, drivers, start + seconds);
	seconds = now() - start;
	struct sysinfo after = measure();
	report(seed, seconds);
	print("pages missing %ld, processes left %d\n",
	      (long)(before.freeram - after.freeram) / PAGE,
	      after.procs - before.procs);
	return done(tally->bad || before.freeram != after.freeram ||
	            before.procs != after.procs);
}
