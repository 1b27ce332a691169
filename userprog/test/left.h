// What the kernel has left: free pages, processes, and bytes of its heap.  To
// be compared before and after, when everything should have come back.
#pragma once
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>

struct left {
	long pages, processes, heap;
};

// The number behind the key in /proc/kernel.
static inline long left_in_heap(void)
{
	static char text[2048];
	char *at;

	if (read_file("/proc/kernel", text, sizeof text) < 0)
		return -1;
	at = strstr(text, "\nheap_used ");
	return at ? atol(at + strlen("\nheap_used ")) : -1;
}

static inline struct left left_now(void)
{
	struct sysinfo info = { 0 };

	sysinfo(&info);
	return (struct left){ info.freeram / 4096, info.procs,
		              left_in_heap() };
}

static inline long left_positive(long n)
{
	return n > 0 ? n : 0;
}

// What is missing since then, or too many; all zero when nothing is.
static inline struct left left_missing(const struct left *before)
{
	struct left now = left_now();

	return (struct left){
		left_positive(before->pages - now.pages),
		left_positive(now.processes - before->processes),
		left_positive(now.heap - before->heap),
	};
}

static inline bool left_all(const struct left *missing)
{
	return !missing->pages && !missing->processes && !missing->heap;
}

// Orphans are let go by process 1, when it gets its turn: up to a second.
static inline struct left left_wait(const struct left *before)
{
	struct timespec moment = { 0, 10000000 };
	struct left missing = left_missing(before);

	for (int i = 0; i < 100 && !left_all(&missing); i++) {
		nanosleep(&moment, NULL);
		missing = left_missing(before);
	}
	return missing;
}
