// Five threads, five forks, and a rule without which they starve: the last one
// takes the right fork first.
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>

#define SEATS 5
#define MEALS 100

static pthread_mutex_t forks[SEATS];
static int meals[SEATS];

static void *dine(void *seat)
{
	int me = (intptr_t)seat, left = me, right = (me + 1) % SEATS;

	if (left > right) {
		left = right;
		right = me;
	}
	while (meals[me] < MEALS) {
		pthread_mutex_lock(&forks[left]);
		sched_yield(); // somebody else wants a fork now
		pthread_mutex_lock(&forks[right]);
		meals[me]++;
		pthread_mutex_unlock(&forks[right]);
		pthread_mutex_unlock(&forks[left]);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[SEATS];

	for (intptr_t i = 0; i < SEATS; i++)
		pthread_mutex_init(&forks[i], NULL);
	for (intptr_t i = 0; i < SEATS; i++)
		pthread_create(&threads[i], NULL, dine, (void *)i);
	for (int i = 0; i < SEATS; i++)
		pthread_join(threads[i], NULL);
	printf("philosophers:");
	for (int i = 0; i < SEATS; i++)
		printf(" %d", meals[i]);
	printf(" meals\n");
	return 0;
}
