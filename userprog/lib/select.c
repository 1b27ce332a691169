// Waiting for sets of descriptors.
#include "linux.h"
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>
#include <time.h>

#define SET_SIZE sizeof(sigset_t)

// The call tells what is left of the time; POSIX wants the caller's as it is.
int pselect(int count, fd_set *input, fd_set *output, fd_set *exceptions,
            const struct timespec *time, const sigset_t *blocked)
{
	const struct {
		const sigset_t *set;
		size_t size;
	} mask = { blocked, SET_SIZE };
	struct timespec left;

	if (time)
		left = *time;
	return linux_result(raw_syscall(SYS_pselect6, count, ARG(input),
	                                ARG(output), ARG(exceptions),
	                                time ? ARG(&left) : 0, ARG(&mask)));
}

int select(int count, fd_set *input, fd_set *output, fd_set *exceptions,
           struct timeval *time)
{
	struct timespec t;

	if (time) {
		t.tv_sec = time->tv_sec;
		t.tv_nsec = time->tv_usec * 1000;
	}
	return pselect(count, input, output, exceptions, time ? &t : NULL,
	               NULL);
}
