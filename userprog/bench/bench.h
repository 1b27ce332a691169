// What all measurements share: they print `bench KEY VALUE`, in instructions.
#pragma once

// All instructions of the hart: ours and the kernel's.
static inline unsigned long instructions(void)
{
	unsigned long count;

	__asm__ volatile("rdinstret %0" : "=r"(count) : : "memory");
	return count;
}

void result(const char *key, unsigned long value);
void trouble(const char *key); // it could not be measured

// What is measured alone, and among others (main.c).
void null_call(const char *key);
void yield_pair(const char *key);

// The same among many that wait for all kinds of things (crowd.c).
void live_processes_mixed(const char *key);
void null_call_5000(const char *key);
void yield_pair_5000(const char *key);

// Processes and threads that talk to each other (talk.c).
void pipe_round_trip(const char *key);
void pipe_kib(const char *key);
void futex_round_trip(const char *key);
void futex_uncontended(const char *key);
void signal_round_trip(const char *key);
void batch_1(const char *key);
void batch_8(const char *key);
void batch_64(const char *key);

// Files on a disk, if there is an image for it (disk.c).
void read_kib(const char *key);
void overwrite_kib(const char *key);
void write_new_kib(const char *key);
void cold_read(const char *key);
void create_unlink(const char *key);
void open_close(const char *key);
void many_names(const char *key);
void fork_exec_wait_disk(const char *key);

// What takes the kernel several passes (large.c).
void large_range(const char *key);
