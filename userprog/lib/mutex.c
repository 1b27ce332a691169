// Mutual exclusion: one atomic instruction when nobody else wants in.  The
// three states are those of U. Drepper, "Futexes Are Tricky" (2011), section 6.
#include <errno.h>
#include <string.h>
#include "thread.h"

static bool take(int *state, int from, int to)
{
	return __atomic_compare_exchange_n(state, &from, to, false,
	                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

// Whoever has waited takes it as "somebody waits": others may wait still.
static void take_contended(int *state)
{
	while (__atomic_exchange_n(state, 2, __ATOMIC_ACQUIRE) != 0)
		futex_wait(state, 2);
}

static int try_again_inside(pthread_mutex_t *m)
{
	if (m->kind != PTHREAD_MUTEX_RECURSIVE)
		return EDEADLK;
	m->depth++;
	return 0;
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
	if (m->kind != PTHREAD_MUTEX_NORMAL && m->owner == pthread_self())
		return try_again_inside(m);
	if (!take(&m->state, 0, 1))
		take_contended(&m->state);
	if (m->kind != PTHREAD_MUTEX_NORMAL)
		m->owner = pthread_self();
	return 0;
}

int pthread_mutex_trylock(pthread_mutex_t *m)
{
	if (m->kind == PTHREAD_MUTEX_RECURSIVE && m->owner == pthread_self())
		return try_again_inside(m);
	if (!take(&m->state, 0, 1))
		return EBUSY;
	if (m->kind != PTHREAD_MUTEX_NORMAL)
		m->owner = pthread_self();
	return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
	if (m->kind != PTHREAD_MUTEX_NORMAL) {
		if (m->owner != pthread_self())
			return EPERM;
		if (m->depth > 0) {
			m->depth--;
			return 0;
		}
		m->owner = NULL;
	}
	if (__atomic_exchange_n(&m->state, 0, __ATOMIC_RELEASE) == 2)
		futex_wake(&m->state, 1);
	return 0;
}

int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
	memset(m, 0, sizeof *m);
	m->kind = attr ? attr->kind : PTHREAD_MUTEX_DEFAULT;
	return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *m)
{
	return m->state ? EBUSY : 0;
}

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
	attr->kind = PTHREAD_MUTEX_DEFAULT;
	return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int kind)
{
	attr->kind = kind;
	return 0;
}

int pthread_once(pthread_once_t *once, void (*run)(void))
{
	// 0 not yet, 1 at it, 2 done
	if (__atomic_load_n(&once->state, __ATOMIC_ACQUIRE) == 2)
		return 0;
	if (take(&once->state, 0, 1)) {
		run();
		__atomic_store_n(&once->state, 2, __ATOMIC_RELEASE);
		futex_wake(&once->state, EVERYBODY);
	}
	while (__atomic_load_n(&once->state, __ATOMIC_ACQUIRE) == 1)
		futex_wait(&once->state, 1);
	return 0;
}
