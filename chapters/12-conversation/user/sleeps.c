// One system call starts five sleeps; they complete in the order of their
// deadlines, whatever the order of the entries.
#include <stdio.h>
#include <sys/batch.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SLEEPS 5
#define FUTEX_WAIT 0

static struct batch_call calls[SLEEPS];
static struct timespec times[SLEEPS];
static uint32_t done; // counts completions; a futex

static void tell_new_ones(void)
{
	static int told[SLEEPS];

	for (int i = 0; i < SLEEPS; i++)
		if (calls[i].status == 2 && !told[i]) {
			told[i] = 1;
			printf("batch: the sleep of %d00 ms is over\n",
			       (int)(times[i].tv_nsec / 100000000));
		}
}

int main(void)
{
	static const int tenths[SLEEPS] = { 3, 1, 5, 2, 4 };

	for (int i = 0; i < SLEEPS; i++) {
		times[i].tv_nsec = tenths[i] * 100000000l;
		calls[i].number = SYS_nanosleep;
		calls[i].argument[0] = (uintptr_t)&times[i];
	}
	printf("batch: %d calls in flight\n",
	       SLEEPS - batch(calls, SLEEPS, 0, &done));
	for (uint32_t seen = 0; seen < SLEEPS; seen = done) {
		syscall(SYS_futex, &done, FUTEX_WAIT, seen, NULL);
		tell_new_ones();
	}
	return 0;
}
