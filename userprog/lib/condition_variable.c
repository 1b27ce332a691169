// Condition variables and barriers.
#include <errno.h>
#include <string.h>
#include "thread.h"

// The sequence number changes with each signal.  It is read while the mutex is
// held, so a signal between that and the sleep is not missed: the futex has
// another value then.  Waking without a reason is allowed, and happens.
static int wait_for(pthread_cond_t *c, pthread_mutex_t *m,
                    const struct timespec *until)
{
	int sequence = __atomic_load_n(&c->sequence, __ATOMIC_RELAXED);
	int depth = m->depth;
	long result;

	m->depth = 0; // all of a recursive lock is let go
	pthread_mutex_unlock(m);
	result = until ? futex_wait_until(&c->sequence, sequence, until)
	               : futex_wait(&c->sequence, sequence);
	pthread_mutex_lock(m);
	m->depth = depth;
	return result == -LINUX_ETIMEDOUT ? ETIMEDOUT : 0;
}

int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m)
{
	return wait_for(c, m, NULL);
}

int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                           const struct timespec *until)
{
	return wait_for(c, m, until);
}

static void change(pthread_cond_t *c, int wake)
{
	__atomic_add_fetch(&c->sequence, 1, __ATOMIC_RELAXED);
	futex_wake(&c->sequence, wake);
}

int pthread_cond_signal(pthread_cond_t *c)
{
	change(c, 1);
	return 0;
}

int pthread_cond_broadcast(pthread_cond_t *c)
{
	change(c, EVERYBODY);
	return 0;
}

int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr)
{
	(void)attr;
	c->sequence = 0;
	return 0;
}

int pthread_cond_destroy(pthread_cond_t *c)
{
	(void)c;
	return 0;
}

int pthread_barrier_init(pthread_barrier_t *b,
                         const pthread_barrierattr_t *attr, unsigned count)
{
	(void)attr;
	memset(b, 0, sizeof *b);
	b->count = count;
	return count ? 0 : EINVAL;
}

int pthread_barrier_destroy(pthread_barrier_t *b)
{
	(void)b;
	return 0;
}

int pthread_barrier_wait(pthread_barrier_t *b)
{
	int result = 0;

	pthread_mutex_lock(&b->lock);
	unsigned round = b->round;
	if (++b->here == b->count) {
		b->here = 0;
		b->round++;
		pthread_cond_broadcast(&b->all_here);
		result = PTHREAD_BARRIER_SERIAL_THREAD;
	}
	while (round == b->round)
		pthread_cond_wait(&b->all_here, &b->lock);
	pthread_mutex_unlock(&b->lock);
	return result;
}
