// How the library talks to the kernel: Linux's generic system calls.  What
// differs between newlib and Linux (errno, O_*, AT_*, struct stat) is mapped in
// linux.c and nowhere else.
#pragma once
#include <sys/syscall.h>

// Makes newlib's name (_read) the function and the public one a weak second
// name: whichever of the two libc or the program asks for, it gets ours, and
// there is no clash when libc's own wrapper was linked for the other.
#define PUBLIC_NAME(name) \
	extern __typeof__(_##name) name __attribute__((weak, alias("_" #name)))

// One instruction, so it is spelled out where it is used.
static inline long linux_call(long nr, long a, long b, long c, long d, long e)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;
	register long a4 __asm__("a4") = e;

	__asm__ volatile("ecall"
	                 : "+r"(a0)
	                 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4)
	                 : "memory");
	return a0;
}

// What a call without arguments finds in a0 to a4 does not matter.
static inline long linux_call0(long nr)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0");

	__asm__ volatile("ecall"
	                 : "=r"(a0)
	                 : "r"(a7)
	                 : "memory");
	return a0;
}

static inline long linux_call3(long nr, long a, long b, long c)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;

	__asm__ volatile("ecall"
	                 : "+r"(a0)
	                 : "r"(a7), "r"(a1), "r"(a2)
	                 : "memory");
	return a0;
}

// Only the arguments that there are: each register that is set is an
// instruction.
static inline long linux_call1(long nr, long a)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;

	__asm__ volatile("ecall"
	                 : "+r"(a0)
	                 : "r"(a7)
	                 : "memory");
	return a0;
}

static inline long linux_call2(long nr, long a, long b)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;

	__asm__ volatile("ecall"
	                 : "+r"(a0)
	                 : "r"(a7), "r"(a1)
	                 : "memory");
	return a0;
}

static inline long linux_call4(long nr, long a, long b, long c, long d)
{
	register long a7 __asm__("a7") = nr;
	register long a0 __asm__("a0") = a;
	register long a1 __asm__("a1") = b;
	register long a2 __asm__("a2") = c;
	register long a3 __asm__("a3") = d;

	__asm__ volatile("ecall"
	                 : "+r"(a0)
	                 : "r"(a7), "r"(a1), "r"(a2), "r"(a3)
	                 : "memory");
	return a0;
}

#define ARG(x) ((long)(x))

#define CALL0(nr) linux_call0(nr)
#define CALL1(nr, a) linux_call1(nr, ARG(a))
#define CALL2(nr, a, b) linux_call2(nr, ARG(a), ARG(b))
#define CALL3(nr, a, b, c) linux_call3(nr, ARG(a), ARG(b), ARG(c))
#define CALL4(nr, a, b, c, d) \
	linux_call4(nr, ARG(a), ARG(b), ARG(c), ARG(d))
#define CALL5(nr, a, b, c, d, e) \
	linux_call(nr, ARG(a), ARG(b), ARG(c), ARG(d), ARG(e))

// A result as C programs want it: the value, or -1 with errno set.
long linux_result(long result);

int linux_errno(int error); // newlib's number for Linux's
int linux_open_flags(int flags); // O_* to Linux
int linux_open_flags_back(int flags); // and from Linux
int linux_at_flags(int flags); // AT_* to Linux
int linux_dirfd(int fd); // AT_FDCWD to Linux

// Linux's struct stat, asm-generic.
struct linux_stat {
	unsigned long dev, ino;
	unsigned int mode, nlink, uid, gid;
	unsigned long rdev, pad1;
	long size;
	int blksize, pad2;
	long blocks;
	long atime, atime_ns, mtime, mtime_ns, ctime, ctime_ns;
	unsigned int pad3[2];
};
struct stat;
void linux_stat_back(const struct linux_stat *from, struct stat *to);
