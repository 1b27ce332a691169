// virtio over MMIO: how a device is found, agreed with and given one queue.
// Both layouts: legacy (version 1) and modern (version 2).
// (Virtual I/O Device 1.1: 2.6 split virtqueues, 3.1 initialization,
// 4.2 virtio over MMIO, 4.2.4 its legacy interface.)
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define VIRTIO_BLOCK 2 // device ID

#define VIRTIO_VERSION_1 (1ul << 32) // the feature of every modern device

// One buffer of a chain.
struct virtio_buffer {
	uint64_t address;
	uint32_t size;
	uint16_t flags;
	uint16_t next;
};

#define VIRTIO_NEXT   1 // the chain goes on at `next`
#define VIRTIO_WRITES 2 // the device writes it; else it reads it

struct virtio {
	uintptr_t base; // its registers
	bool modern;
	uint16_t size; // entries of the queue, a power of two
	struct virtio_buffer *buffers;
	volatile uint16_t *available; // flags, index, ring
	volatile uint16_t *used; // flags, index, ring of 8 bytes an entry
	uint16_t sent; // the index that the device may read up to
	uint16_t seen; // answers taken off the used ring
};

// What kind of device has its registers at base: its ID, 0 for none.  Says so
// if there is one of a version that we do not speak.
uint32_t virtio_probe(struct virtio *v, uintptr_t base);

// Resets it and agrees on those of the wanted features that it offers, which
// are the answer.  0 or -EIO.
int virtio_agree(struct virtio *v, uint64_t wanted, uint64_t *features);

// Gives it queue 0, of `most` entries or fewer, but at least `least`.  0,
// -ENOMEM, or -EIO with a message about what is wrong with its size.  The
// memory of the queue stays for the next time.
int virtio_give_queue(struct virtio *v, unsigned least, unsigned most);

// It may work from now on.
void virtio_go(struct virtio *v);

// It does not touch memory any more; false: it does not obey.
bool virtio_reset(struct virtio *v);

// Makes the chain that begins at `head` available and rings.
void virtio_send(struct virtio *v, uint16_t head);

// The head of a chain that the device has finished; false: none.
bool virtio_answer(struct virtio *v, uint32_t *head);

// Acknowledges the interrupt; false: the device has failed and wants a reset.
bool virtio_interrupt(struct virtio *v);

// Its configuration; wider values come in parts.
uint32_t virtio_config(struct virtio *v, unsigned offset);
uint64_t virtio_config64(struct virtio *v, unsigned offset);
