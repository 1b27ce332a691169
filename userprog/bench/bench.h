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

// Processes and threads that talk to each other (talk.c).
void pipe_round_trip(const char *key);
void pipe_kib(const char *key);
void futex_round_trip(const char *key);
void futex_uncontended(const char *key);
void signal_round_trip(const char *key);
void batch_1(const char *key);
void batch_8(const char *key);
void batch_64(const char *key);
