// The small calls, and what an unknown one says.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

static void groups(void)
{
	pid_t group = getpgrp();

	if (fork() == 0) {
		printf("inherited %d", getpgrp() == group);
		printf(" own %d", setpgid(0, 0));
		printf(" %d", getpgrp() == getpid());
		printf(" leader's session %d", (int)setsid());
		printf(" %s\n", strerror(errno));
		fflush(stdout);
		_exit(0);
	}
	raw_syscall(SYS_wait4, -1, 0, 0, 0, 0, 0);
	if (fork() == 0) {
		printf("session %d", setsid() == getpid());
		printf(" %d", getsid(0) == getpid());
		printf(" %d\n", getpgid(0) == getpid());
		fflush(stdout);
		_exit(0);
	}
	raw_syscall(SYS_wait4, -1, 0, 0, 0, 0, 0);
	printf("no such %d", (int)getpgid(99999));
	printf(" %s\n", strerror(errno));
}

int main(void)
{
	struct utsname name;
	struct sysinfo info;
	struct rlimit limit;
	unsigned char random[32] = { 0 };
	int bits = 0;

	setvbuf(stdout, NULL, _IOLBF, 200);
	printf("uname %d %s\n", uname(&name), name.machine);
	printf("sysinfo %d %d %d\n", sysinfo(&info), info.totalram > 0,
	       info.freeram <= info.totalram);
	printf("random %ld", (long)getrandom(random, 32, 0));
	for (int i = 0; i < 32; i++)
		bits |= random[i];
	printf(" %d\n", bits != 0);
	umask(077);
	printf("mask %o", (unsigned)umask(0123));
	printf(" %o\n", (unsigned)umask(022));
	printf("ids %d %d\n", getuid() == geteuid(), getgid() == getegid());
	printf("limits %d %d\n", getrlimit(RLIMIT_NOFILE, &limit),
	       limit.rlim_cur >= 64);
	printf("unknown %ld %ld\n", raw_syscall(999, 0, 0, 0, 0, 0, 0),
	       raw_syscall(-1, 0, 0, 0, 0, 0, 0));
	printf("tid %d\n", raw_syscall(SYS_set_tid_address, bits, 0, 0, 0, 0,
	                               0) == getpid());
	groups();
	return 0;
}
