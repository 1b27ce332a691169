// Threads and what they share: the classic scenes, with the same output from
// our library and from any other.
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define THREADS 8

static void start(pthread_t *threads, int count, void *(*run)(void *))
{
	for (long i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, run, (void *)i)) {
			printf("no thread %ld\n", i);
			exit(1);
		}
}

static long join_all(pthread_t *threads, int count)
{
	long sum = 0;
	void *result;

	for (int i = 0; i < count; i++) {
		pthread_join(threads[i], &result);
		sum += (long)result;
	}
	return sum;
}

// ---- a counter that all of them want to raise ------------------------------

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long counter;
static volatile long racing;

static void *count(void *arg)
{
	for (int i = 0; i < 5000; i++) {
		pthread_mutex_lock(&lock);
		long seen = counter;
		if (i % 100 == 0)
			usleep(1); // somebody else comes and must wait
		counter = seen + 1;
		pthread_mutex_unlock(&lock);
		racing = racing + 1;
	}
	return arg;
}

static void counting(void)
{
	pthread_t threads[THREADS];

	start(threads, THREADS, count);
	long sum = join_all(threads, THREADS);
	printf("counter %ld results %ld race at most %d\n", counter, sum,
	       racing <= counter);
}

// ---- a bounded buffer ------------------------------------------------------

#define ROOM 4
#define ITEMS 3000

static struct {
	int items[ROOM], head, filled;
	pthread_mutex_t lock;
	pthread_cond_t room, item;
} buffer = { .lock = PTHREAD_MUTEX_INITIALIZER,
	     .room = PTHREAD_COND_INITIALIZER,
	     .item = PTHREAD_COND_INITIALIZER };

static void *produce(void *arg)
{
	for (long i = 1; i <= ITEMS; i++) {
		pthread_mutex_lock(&buffer.lock);
		while (buffer.filled == ROOM)
			pthread_cond_wait(&buffer.room, &buffer.lock);
		buffer.items[(buffer.head + buffer.filled++) % ROOM] = i;
		pthread_cond_signal(&buffer.item);
		pthread_mutex_unlock(&buffer.lock);
	}
	return arg;
}

static void *consume(void *arg)
{
	long sum = 0;

	(void)arg;
	for (long i = 1; i <= ITEMS; i++) {
		pthread_mutex_lock(&buffer.lock);
		while (buffer.filled == 0)
			pthread_cond_wait(&buffer.item, &buffer.lock);
		sum += buffer.items[buffer.head];
		buffer.head = (buffer.head + 1) % ROOM;
		buffer.filled--;
		pthread_cond_signal(&buffer.room);
		pthread_mutex_unlock(&buffer.lock);
	}
	return (void *)sum;
}

static void bounded_buffer(void)
{
	pthread_t producers[3], consumers[3];

	start(producers, 3, produce);
	start(consumers, 3, consume);
	join_all(producers, 3);
	long sum = join_all(consumers, 3);
	printf("buffer sum %ld of %ld left %d\n", sum,
	       3L * ITEMS * (ITEMS + 1) / 2, buffer.filled);
}

// ---- philosophers ----------------------------------------------------------

#define PHILOSOPHERS 5
static sem_t forks[PHILOSOPHERS], seats;
static int meals[PHILOSOPHERS];

static void *dine(void *arg)
{
	long me = (long)arg, left = me, right = (me + 1) % PHILOSOPHERS;

	for (int i = 0; i < 500; i++) {
		sem_wait(&seats); // one seat less than forks: no deadlock
		sem_wait(&forks[left]);
		sem_wait(&forks[right]);
		meals[me]++;
		sem_post(&forks[right]);
		sem_post(&forks[left]);
		sem_post(&seats);
	}
	return NULL;
}

static void philosophers(void)
{
	pthread_t threads[PHILOSOPHERS];
	int value;

	sem_init(&seats, 0, PHILOSOPHERS - 1);
	for (int i = 0; i < PHILOSOPHERS; i++)
		sem_init(&forks[i], 0, 1);
	start(threads, PHILOSOPHERS, dine);
	join_all(threads, PHILOSOPHERS);
	sem_getvalue(&seats, &value);
	printf("meals");
	for (int i = 0; i < PHILOSOPHERS; i++)
		printf(" %d", meals[i]);
	printf(" seats %d\n", value);
}

// ---- a barrier -------------------------------------------------------------

static pthread_barrier_t barrier;
static int phases[THREADS], out_of_step;

static void *walk(void *arg)
{
	long me = (long)arg, serial = 0;

	for (int phase = 1; phase <= 200; phase++) {
		phases[me] = phase;
		serial += pthread_barrier_wait(&barrier) ==
		          PTHREAD_BARRIER_SERIAL_THREAD;
		for (int i = 0; i < THREADS; i++)
			if (phases[i] != phase)
				__atomic_add_fetch(&out_of_step, 1,
				                   __ATOMIC_RELAXED);
		pthread_barrier_wait(&barrier);
	}
	return (void *)serial;
}

static void barriers(void)
{
	pthread_t threads[THREADS];

	pthread_barrier_init(&barrier, NULL, THREADS);
	start(threads, THREADS, walk);
	long serial = join_all(threads, THREADS);
	printf("barrier: serial %ld out of step %d\n", serial, out_of_step);
}

// ---- what is each thread's own, and what is not ----------------------------

static void *own_errno(void *arg)
{
	int wrong = 0;

	for (int i = 0; i < 300; i++) {
		// Even threads fail in one way, odd ones in another.
		int expected = (long)arg % 2 ? ENOENT : EBADF;

		if ((long)arg % 2)
			access("/no/such/file", F_OK);
		else
			close(-1);
		if (i % 30 == 0)
			usleep(1);
		wrong += errno != expected;
	}
	return (void *)(long)wrong;
}

static void *use_heap(void *arg)
{
	unsigned seed = (long)arg + 1;
	char *blocks[20] = { NULL };
	long bad = 0;

	for (int i = 0; i < 2000; i++) {
		int n = (seed = seed * 1103515245 + 12345) >> 16 & 15;

		if (blocks[n])
			bad += blocks[n][50] != (char)(long)arg;
		free(blocks[n]);
		blocks[n] = malloc(100 + n);
		memset(blocks[n], (long)arg, 100 + n);
	}
	for (int i = 0; i < 20; i++)
		free(blocks[i]);
	return (void *)bad;
}

static void *exits(void *arg)
{
	if (arg)
		pthread_exit((void *)((long)arg * 10));
	return (void *)5;
}

static void ownership(void)
{
	pthread_t threads[THREADS];

	start(threads, THREADS, own_errno);
	printf("errno wrong %ld\n", join_all(threads, THREADS));
	start(threads, THREADS, use_heap);
	printf("heap bad %ld\n", join_all(threads, THREADS));
	start(threads, 4, exits);
	printf("exits %ld\n", join_all(threads, 4));
}

static void *quick(void *arg)
{
	__atomic_add_fetch((int *)arg, 1, __ATOMIC_RELAXED);
	return NULL;
}

// Many that nobody joins, one after the other: their stacks must come back.
static void detached(void)
{
	int ended = 0, created = 0;
	pthread_t thread;

	for (int i = 0; i < 500; i++)
		if (pthread_create(&thread, NULL, quick, &ended) == 0) {
			created++;
			pthread_detach(thread);
		}
	while (__atomic_load_n(&ended, __ATOMIC_RELAXED) < created)
		usleep(1000);
	printf("detached %d\n", created);
}

static void timeouts(void)
{
	pthread_cond_t never = PTHREAD_COND_INITIALIZER;
	struct timespec until;
	sem_t s;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 20000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&lock);
	int error = 0;
	while (error == 0)
		error = pthread_cond_timedwait(&never, &lock, &until);
	pthread_mutex_unlock(&lock);
	printf("condition late %d", error == ETIMEDOUT);
	sem_init(&s, 0, 0);
	printf(" semaphore late %d", sem_timedwait(&s, &until));
	printf(" %d try %d", errno == ETIMEDOUT, sem_trywait(&s));
	printf(" %d\n", errno == EAGAIN);
}

int main(void)
{
	counting();
	bounded_buffer();
	philosophers();
	barriers();
	ownership();
	detached();
	timeouts();
	return 0;
}
