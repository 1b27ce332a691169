// Forks and exits many times; as many pages must be free after as before.
//	abuse_rounds [ROUNDS]
#include <stdlib.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <tool.h>
#include <unistd.h>

TOOL("abuse_rounds", "abuse_rounds [ROUNDS]");

static unsigned long free_bytes(void)
{
	struct sysinfo info;

	return sysinfo(&info) < 0 ? 0 : info.freeram * info.mem_unit;
}

static bool rounds(long count)
{
	while (count-- > 0) {
		pid_t pid = fork();
		int status;

		if (pid == 0)
			_exit(count & 0x7f);
		if (pid < 0 || waitpid(pid, &status, 0) != pid ||
		    WEXITSTATUS(status) != (count & 0x7f))
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? need_number(argv[1]) : 100000;

	// The first rounds fill what the kernel keeps for the next ones.
	if (!rounds(100))
		return complain("fork");
	unsigned long before = free_bytes();
	if (!rounds(count))
		return complain("fork");
	long missing = before - free_bytes();
	print("%ld rounds, bytes missing %ld\n", count, missing);
	return done(missing > 0);
}
