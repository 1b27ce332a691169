// Threads, as far as programs here need them: over clone() and futex().
// newlib's stdio is not locked; malloc() is, and errno is each thread's own.
#pragma once
#include <stddef.h>
#include <time.h>

typedef struct thread *pthread_t;

typedef struct {
	size_t stack;
	int detached;
} pthread_attr_t;

#define PTHREAD_CREATE_JOINABLE 0
#define PTHREAD_CREATE_DETACHED 1

int pthread_attr_init(pthread_attr_t *attr);
int pthread_attr_destroy(pthread_attr_t *attr);
int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size);
int pthread_attr_setdetachstate(pthread_attr_t *attr, int state);

int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
                   void *(*run)(void *), void *arg);
int pthread_join(pthread_t thread, void **result);
int pthread_detach(pthread_t thread);
void pthread_exit(void *result) __attribute__((noreturn));
pthread_t pthread_self(void);
static inline int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

typedef struct {
	int kind;
} pthread_mutexattr_t;

// state: 0 free, 1 taken, 2 taken and somebody waits
typedef struct {
	int state, kind, depth;
	pthread_t owner;
} pthread_mutex_t;

#define PTHREAD_MUTEX_NORMAL 0
#define PTHREAD_MUTEX_RECURSIVE 1
#define PTHREAD_MUTEX_ERRORCHECK 2
#define PTHREAD_MUTEX_DEFAULT PTHREAD_MUTEX_NORMAL
#define PTHREAD_MUTEX_INITIALIZER \
	{ \
		0, 0, 0, NULL \
	}

int pthread_mutexattr_init(pthread_mutexattr_t *attr);
int pthread_mutexattr_destroy(pthread_mutexattr_t *attr);
int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int kind);
int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr);
int pthread_mutex_destroy(pthread_mutex_t *m);
int pthread_mutex_lock(pthread_mutex_t *m);
int pthread_mutex_trylock(pthread_mutex_t *m);
int pthread_mutex_unlock(pthread_mutex_t *m);

typedef struct {
	int sequence;
} pthread_cond_t;
typedef struct {
	int unused;
} pthread_condattr_t;

#define PTHREAD_COND_INITIALIZER \
	{ \
		0 \
	}

int pthread_cond_init(pthread_cond_t *c, const pthread_condattr_t *attr);
int pthread_cond_destroy(pthread_cond_t *c);
int pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                           const struct timespec *until);
int pthread_cond_signal(pthread_cond_t *c);
int pthread_cond_broadcast(pthread_cond_t *c);

typedef struct {
	pthread_mutex_t lock;
	pthread_cond_t all_here;
	unsigned count, here, round;
} pthread_barrier_t;
typedef struct {
	int unused;
} pthread_barrierattr_t;

#define PTHREAD_BARRIER_SERIAL_THREAD (-1)

int pthread_barrier_init(pthread_barrier_t *b,
                         const pthread_barrierattr_t *attr, unsigned count);
int pthread_barrier_destroy(pthread_barrier_t *b);
int pthread_barrier_wait(pthread_barrier_t *b);

typedef struct {
	int state;
} pthread_once_t;
#define PTHREAD_ONCE_INIT \
	{ \
		0 \
	}
int pthread_once(pthread_once_t *once, void (*run)(void));
