// The machine as a whole.
#include "linux.h"
#include <errno.h>
#include <stdarg.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

int uname(struct utsname *name)
{
	return linux_result(CALL1(SYS_uname, name));
}

int sysinfo(struct sysinfo *info)
{
	return linux_result(CALL1(SYS_sysinfo, info));
}

ssize_t getrandom(void *buffer, size_t size, unsigned int flags)
{
	return linux_result(CALL3(SYS_getrandom, buffer, size, flags));
}

// The two numbers guard the call against being made by accident.
int reboot(unsigned int command)
{
	return linux_result(
		CALL4(SYS_reboot, 0xfee1dead, 672274793, command, 0));
}

long syscall(long nr, ...)
{
	long a[6];
	va_list args;

	va_start(args, nr);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	return linux_result(
		raw_syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]));
}

// The vector lies behind the environment that the kernel gave: crt0 notes it
// here, since setenv() moves environ.
char **start_environ;

unsigned long getauxval(unsigned long type)
{
	char **end = start_environ;

	while (*end)
		end++;
	for (unsigned long *aux = (void *)(end + 1); aux[0]; aux += 2)
		if (aux[0] == type)
			return aux[1];
	errno = ENOENT;
	return 0;
}

long sysconf(int name)
{
	switch (name) {
	case _SC_PAGESIZE:
		return 4096;
	case _SC_CLK_TCK:
		return CLOCKS_PER_SEC; // see _times()
	case _SC_NPROCESSORS_CONF:
	case _SC_NPROCESSORS_ONLN:
		return 1;
	}
	errno = EINVAL;
	return -1;
}

int getpagesize(void)
{
	return 4096;
}
