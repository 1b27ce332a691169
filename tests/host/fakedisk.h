// A virtio-blk device that a test plays, behind the accessors of mmio.h, and
// what else the driver asks the kernel for.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define FAKE_BASE 0x10001000
#define FAKE_SECTORS 64

enum mode {
	ANSWERS,
	FAILS, // each request, with the status that says so
	SILENT, // never answers
	CONFUSED, // answers what was not asked
	REPEATS, // answers twice
	BREAKS, // wants a reset instead of answering
};

extern struct fake {
	// Set by the test.
	enum mode mode;
	uint32_t version, queue_most, seg_max;
	uint64_t offered; // features
	bool refuses; // what we accept
	bool stubborn; // does not reset
	bool in_use; // the queue is, before we come
	const char *serial;

	// Seen by the test.
	uint64_t accepted;
	unsigned resets, requests, flushes, notifies;
	bool pending; // the interrupt
	bool working; // between its start and a reset
	uint32_t queue_size;
	uint8_t data[FAKE_SECTORS * 512];

	// Its own.
	uint32_t status, offered_select, accepted_select, ready, pfn;
	uint64_t buffers, available, used;
	uint16_t seen;
	uint32_t generation;
} fake;

extern uint64_t fake_now; // mtime
extern uint64_t fake_alarm; // of the one timer there is; 0: none

// A new device in slot 0, and nothing said yet.
void fake_reset(uint32_t version);

// Delivers the interrupt if there is one; lets time pass, up to the alarm.
void fake_interrupt(void);
void fake_sleep(uint64_t ticks);

extern char fake_said[1024]; // what was printed since fake_reset()
