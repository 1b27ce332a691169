// Semaphores: a count that never falls below 0, and how many wait for it.
#include <errno.h>
#include <semaphore.h>
#include "thread.h"

static bool take(sem_t *s)
{
	int value = __atomic_load_n(&s->value, __ATOMIC_RELAXED);

	while (value > 0)
		if (__atomic_compare_exchange_n(&s->value, &value, value - 1,
		                                false, __ATOMIC_ACQUIRE,
		                                __ATOMIC_RELAXED))
			return true;
	return false;
}

static int wait_for(sem_t *s, const struct timespec *until)
{
	bool late = false, taken;

	// Counted before the value is looked at again, so that a post between
	// the two sees it and wakes.
	__atomic_add_fetch(&s->waiting, 1, __ATOMIC_SEQ_CST);
	while (!(taken = take(s)) && !late)
		late = (until ? futex_wait_until(&s->value, 0, until)
		              : futex_wait(&s->value, 0)) == -LINUX_ETIMEDOUT;
	__atomic_sub_fetch(&s->waiting, 1, __ATOMIC_RELAXED);
	if (taken)
		return 0;
	errno = ETIMEDOUT;
	return -1;
}

int sem_wait(sem_t *s)
{
	return take(s) ? 0 : wait_for(s, NULL);
}

int sem_timedwait(sem_t *s, const struct timespec *until)
{
	return take(s) ? 0 : wait_for(s, until);
}

int sem_trywait(sem_t *s)
{
	if (take(s))
		return 0;
	errno = EAGAIN;
	return -1;
}

int sem_post(sem_t *s)
{
	__atomic_add_fetch(&s->value, 1, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&s->waiting, __ATOMIC_SEQ_CST) > 0)
		futex_wake(&s->value, 1);
	return 0;
}

int sem_init(sem_t *s, int shared, unsigned value)
{
	(void)shared;
	s->value = value;
	s->waiting = 0;
	return 0;
}

int sem_destroy(sem_t *s)
{
	(void)s;
	return 0;
}

int sem_getvalue(sem_t *s, int *value)
{
	*value = __atomic_load_n(&s->value, __ATOMIC_RELAXED);
	return 0;
}
