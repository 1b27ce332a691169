// Threads: birth, end and joining.
#include "thread.h"
#include <errno.h>
#include <reent.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define STACK (64 << 10) // only what is touched counts
#define GUARD 4096

static struct thread first;

// Unmaps the stack it runs on, and ends: no instruction in between needs it.
void thread_leave(void *stack, size_t size) __attribute__((noreturn));
__asm__(".section .text.thread_leave, \"ax\", @progbits\n"
        ".globl thread_leave\n"
        "thread_leave:\n"
        "	li a7, 215\n" // munmap
        "	ecall\n"
        "	li a0, 0\n"
        "	li a7, 93\n" // exit
        "	ecall\n"
        ".text\n");

pthread_t pthread_self(void)
{
	struct thread *self = thread_self();

	return self ? self : &first;
}

// detached: 0 joinable, 1 detached, 2 ended; whoever comes second frees it.
void pthread_exit(void *result)
{
	struct thread *self = thread_self();

	if (self)
		self->result = result;
	// The first thread has no record, and the others go on without it.
	if (self &&
	    __atomic_exchange_n(&self->detached, 2, __ATOMIC_ACQ_REL) == 1) {
		// The kernel would clear tid in what is no longer there, or
		// is somebody else's by then.
		CALL1(SYS_set_tid_address, 0);
		thread_leave(self->stack, self->size);
	}
	for (;;)
		CALL1(SYS_exit, 0);
}

static void start(void *self)
{
	struct thread *thread = self;

	pthread_exit(thread->run(thread->arg));
}

static struct thread *make(size_t size)
{
	char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (stack == MAP_FAILED)
		return NULL;
	mprotect(stack, GUARD, PROT_NONE);
	struct thread *thread = (struct thread *)(stack + size) - 1;
	thread = (struct thread *)((unsigned long)thread & -16UL);
	thread->stack = stack;
	thread->size = size;
	return thread;
}

int pthread_create(pthread_t *out, const pthread_attr_t *attr,
                   void *(*run)(void *), void *arg)
{
	size_t size = attr && attr->stack ? attr->stack : STACK;
	struct thread *thread = make((size + 2 * GUARD - 1) & -GUARD);

	if (!thread)
		return EAGAIN;
	thread->run = run;
	thread->arg = arg;
	thread->detached = attr && attr->detached;
	*out = thread;
	long result = clone_thread(
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
			CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS |
			CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID,
		thread, &thread->tid, thread, &thread->tid, start, thread);
	if (result < 0) {
		munmap(thread->stack, thread->size);
		return linux_errno(-result);
	}
	return 0;
}

int pthread_join(pthread_t thread, void **result)
{
	int tid;

	if (thread == pthread_self())
		return EDEADLK;
	// The kernel wakes this futex when the thread is gone for good.  Not
	// a private one: that is how the kernel wakes it.
	while ((tid = __atomic_load_n(&thread->tid, __ATOMIC_ACQUIRE)) != 0)
		CALL4(SYS_futex, &thread->tid, 0, tid, 0);
	if (result)
		*result = thread->result;
	munmap(thread->stack, thread->size);
	return 0;
}

int pthread_detach(pthread_t thread)
{
	if (__atomic_exchange_n(&thread->detached, 1, __ATOMIC_ACQ_REL) == 2)
		return pthread_join(thread, NULL); // it has ended already
	return 0;
}

int pthread_attr_init(pthread_attr_t *attr)
{
	memset(attr, 0, sizeof *attr);
	return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
	(void)attr;
	return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
	attr->stack = size;
	return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
	attr->detached = state;
	return 0;
}

// newlib asks for these around its heap.  Their libc versions do nothing, and
// are not linked when this file is.
static pthread_mutex_t heap_lock = { 0, PTHREAD_MUTEX_RECURSIVE, 0, NULL };

void __malloc_lock(struct _reent *reent)
{
	(void)reent;
	pthread_mutex_lock(&heap_lock);
}

void __malloc_unlock(struct _reent *reent)
{
	(void)reent;
	pthread_mutex_unlock(&heap_lock);
}
