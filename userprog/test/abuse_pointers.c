// Bad pointers for every pointer argument of every system call.  The calls and
// what their arguments mean come from the kernel's own table, /proc/syscalls
// (src/process/syscall.h explains it), so no call can be forgotten.
//	abuse_pointers [-v] [TABLE [NAME...]]
// Each case runs in a child.  Right is an error, EFAULT or EINVAL as a rule, or
// for a buffer that is partly there a short count; and nothing may be consumed.
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include "again.h"
#include "pointers.h"

TOOL("abuse_pointers", "abuse_pointers [-v] [TABLE [NAME...]]");

#define PAGE 4096L
#define LINUX_CWD (-100)

// Two pages, and nothing behind them.
static char *scratch;
#define SCRATCH_END (scratch + 2 * PAGE)

static bool is(const struct row *row, const char *name)
{
	return strcmp(row->name, name) == 0;
}

// ---- arguments with which the call would do its work -----------------------

static int open_fd(const struct row *row)
{
	if (is(row, "getdents64"))
		return open("/", O_RDONLY | O_DIRECTORY);
	if (is(row, "ioctl") || strstr(row->name, "write"))
		return open("/dev/console", O_WRONLY);
	return open("/bin/sh", O_RDONLY);
}

static long valid_int(const struct row *row, int i)
{
	if (is(row, "wait4"))
		return -1;
	if (is(row, "ioctl"))
		return TCGETS;
	if (is(row, "rt_sigaction"))
		return i == 0 ? SIGUSR1 : 8;
	if (is(row, "ppoll") || is(row, "pselect6"))
		return 1; // descriptor
	if (is(row, "prlimit64"))
		return i == 0 ? 0 : 7;
	if (strstr(row->name, "v") && i == 2)
		return 1; // readv and kin: one part
	if (is(row, "batch"))
		return 1; // one call, to be waited for
	return 0;
}

static long valid_len(const struct row *row, int i)
{
	for (int a = 0; a < row->count; a++)
		if (row->args[a].length == i + 1)
			return strncmp(row->name, "rt_", 3) == 0 ? 8 : 64;
	return is(row, "set_robust_list") ? 24 : 8;
}

static long valid(const struct row *row, int i, int fd)
{
	switch (row->args[i].kind) {
	case KIND_FD:
		return strstr(row->name, "at") && !strstr(row->name, "fstat") &&
		                       !is(row, "fdatasync")
		               ? LINUX_CWD
		               : fd;
	case KIND_PATH:
		return (long)"/bin/sh";
	case KIND_STR:
		return (long)"text";
	case KIND_LEN:
		return valid_len(row, i);
	case KIND_INT:
		return valid_int(row, i);
	case KIND_FLAGS:
		return is(row, "waitid") ? WEXITED : 0;
	default:
		return (long)scratch;
	}
}

// ---- what is wrong with one of them ----------------------------------------

enum variant {
	NOTHING, // NULL
	KERNEL,
	CLINT,
	FOLDED, // not canonical, and equal to scratch in its low bits
	TOP,
	HOLE, // right behind scratch
	TEXT, // our own, for output
	STRADDLE, // begins in scratch, ends behind it
	INSIDE, // a good array of parts that point to bad places
	LENGTH, // -1
	VARIANTS
};
static const char *const variant_names[] = {
	"NULL", "kernel", "CLINT", "not canonical", "top",
	"hole", "own text", "straddling", "inside", "length -1"
};

static bool applies(const struct row *row, int i, enum variant v)
{
	const struct arg *arg = &row->args[i];
	bool out = arg->kind == KIND_OUT || arg->kind == KIND_INOUT;
	bool string = arg->kind == KIND_PATH || arg->kind == KIND_STR;
	bool pointer = out || string || arg->kind == KIND_IN ||
	               (arg->kind == KIND_PTR && is(row, "execve")) ||
	               (arg->kind == KIND_PTR && is(row, "ioctl"));

	if (v == LENGTH)
		return arg->kind == KIND_LEN;
	if (v == INSIDE)
		return arg->kind == KIND_IN && strstr(row->name, "v") &&
		       arg->bytes == 16 && row->args[0].kind == KIND_FD;
	if (v == NOTHING)
		return pointer && !arg->optional;
	if (v == TEXT)
		return out || (is(row, "ioctl") && pointer);
	return pointer;
}

static long bad_value(const struct row *row, int i, enum variant v, int fd)
{
	switch (v) {
	case NOTHING:
		return 0;
	case KERNEL:
		return 0x80000000;
	case CLINT:
		return 0x2000000;
	case FOLDED:
		return (long)scratch | 1L << 62;
	case TOP:
		return -8;
	case HOLE:
		return (long)SCRATCH_END;
	case TEXT:
		return (long)valid & -16L;
	case STRADDLE:
		memset(scratch, is(row, "execve") ? 0x11 : 'a', 2 * PAGE);
		if (row->args[i].kind == KIND_IN)
			memset(scratch, 0, 2 * PAGE);
		return (long)SCRATCH_END - 1;
	case INSIDE:
		((struct iovec *)scratch)->iov_base = (void *)0x80000000;
		((struct iovec *)scratch)->iov_len = 16;
		return (long)scratch;
	default:
		(void)fd;
		return -1;
	}
}

// ---- judging ---------------------------------------------------------------

enum verdict { FINE,
	       OTHER,
	       BAD };

static bool transfers(const struct row *row)
{
	return strstr(row->name, "read") || strstr(row->name, "write") ||
	       strncmp(row->name, "getrandom", 9) == 0 ||
	       is(row, "getdents64") || is(row, "getcwd");
}

static enum verdict judge(const struct row *row, int i, enum variant v,
                          long result)
{
	if (result == -EFAULT || result == -EINVAL)
		return FINE;
	if (result < 0)
		return OTHER;
	// The rest of a sleep is written only when it was interrupted.
	if (strstr(row->name, "nanosleep") && row->args[i].optional)
		return FINE;
	// A short count is right when a part was there.
	if ((v == STRADDLE || v == LENGTH) && transfers(row) &&
	    result <= 2 * PAGE)
		return FINE;
	// Names, masks and mappings may be longer than what is known.
	return BAD;
}

static unsigned long text_sum(void)
{
	const unsigned long *at = (void *)((long)valid & -PAGE);
	unsigned long sum = 0;

	for (int i = 0; i < 512; i++)
		sum = sum * 31 + at[i];
	return sum;
}

// Something that wait4() or waitid() could take and must not lose.
static pid_t make_zombie(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(17);
	return pid;
}

static bool zombie_kept(pid_t pid, long result)
{
	int status;

	if (result >= 0)
		return true;
	return waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 17;
}

static enum verdict run_case(const struct row *row, int i, enum variant v,
                             long *result)
{
	int fd = open_fd(row);
	pid_t zombie = strncmp(row->name, "wait", 4) ? 0 : make_zombie();
	unsigned long sum = text_sum();
	long a[6] = { 0 };

	for (int n = 0; n < row->count; n++)
		a[n] = valid(row, n, fd);
	// A length of -1 is for a buffer that ends where memory ends.
	for (int n = 0; n < row->count && v == LENGTH; n++)
		if (row->args[n].length == i + 1)
			a[n] = (long)SCRATCH_END - 64;
	a[i] = bad_value(row, i, v, fd);
	*result = raw_syscall(row->number, a[0], a[1], a[2], a[3], a[4], a[5]);
	enum verdict verdict = judge(row, i, v, *result);
	if (text_sum() != sum)
		verdict = BAD;
	if (zombie > 0 && !zombie_kept(zombie, *result))
		verdict = BAD;
	// An error must not have moved the file's offset.
	long at = lseek(fd, 0, SEEK_CUR);
	if (*result < 0 && at > 0)
		verdict = BAD;
	return verdict;
}

// ---- the driver ------------------------------------------------------------

static int cases, others, blocked, bad;
static bool verbose;

static bool ended(pid_t pid, int *status)
{
	struct timespec ms = { 0, 1000000 };

	for (int i = 0; i < 1500; i++) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		if (i < 1000)
			sched_yield();
		else
			nanosleep(&ms, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, status, 0);
	return false;
}

static void child(const struct row *row, int i, enum variant v)
{
	long result;
	enum verdict verdict = run_case(row, i, v, &result);

	if (verdict == BAD || (verbose && verdict == OTHER))
		print("%s: %s, argument %d %s: %ld\n",
		      verdict == BAD ? "BAD" : "other", row->name, i + 1,
		      variant_names[v], result);
	flush();
	_exit(verdict);
}

static char *self;
static const char *table = "/proc/syscalls";

// Without fork() the case is tried by a new one of us, which is told it.
static pid_t start(const struct row *row, int i, enum variant v)
{
	char number[16];
	char *argv[] = { self,           verbose ? "-vc" : "-c", number,
		         (char *)table, (char *)row->name,      NULL };
	pid_t pid = fork();

	if (pid == 0)
		child(row, i, v);
	if (pid > 0 || errno != ENOSYS)
		return pid;
	format(number, sizeof number, "%d", i * VARIANTS + v);
	return again_start(argv);
}

static void try(const struct row *row, int i, enum variant v)
{
	int status = 0;
	flush();
	pid_t pid = start(row, i, v);
	if (pid < 0)
		die(1, "fork");
	cases++;
	if (!ended(pid, &status)) {
		blocked++;
		if (verbose)
			print("blocked: %s, argument %d %s\n", row->name, i + 1,
			      variant_names[v]);
	} else if (WIFSIGNALED(status)) {
		print("BAD: %s, argument %d %s: killed by SIG%s\n", row->name,
		      i + 1, variant_names[v], signal_name(WTERMSIG(status)));
		bad++;
	} else {
		others += WEXITSTATUS(status) == OTHER;
		bad += WEXITSTATUS(status) >= BAD;
	}
}

// Those that do not come back, and clone, whose pointers are the child's.
static bool is_skipped(const struct row *row)
{
	static const char *const names[] = { "exit", "exit_group",
		                             "reboot", "rt_sigreturn",
		                             "clone", "munmap",
		                             "brk" };

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		if (is(row, names[i]))
			return true;
	return false;
}

static bool wanted(const struct row *row, char **names)
{
	if (!*names)
		return !is_skipped(row);
	for (; *names; names++)
		if (is(row, *names))
			return true;
	return false;
}

static void try_row(const struct row *row)
{
	for (int i = 0; i < row->count; i++)
		for (int v = 0; v < VARIANTS; v++)
			if (applies(row, i, v))
				try(row, i, v);
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct row row;
	long number = -1;
	int rows = 0, letter;

	self = argv[0];
	while ((letter = option(&o, argv, "vc:")) != 0)
		if (letter == 'v')
			verbose = true;
		else
			number = need_number(o.arg);
	if (o.next < argc)
		table = argv[o.next++];
	if (!rows_open(table))
		return complain(table);
	scratch = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(scratch + 2 * PAGE, PAGE);
	while (rows_next(&row)) {
		rows++;
		if (!wanted(&row, argv + o.next))
			continue;
		if (number >= 0)
			child(&row, number / VARIANTS, number % VARIANTS);
		try_row(&row);
	}
	print("%d rows, %d cases: %d with another error, %d blocked, %d bad\n",
	      rows, cases, others, blocked, bad);
	return done(bad != 0 || cases == 0);
}
