// Random bytes: ChaCha20 with a key that is replaced after every use, so that
// what was handed out cannot be worked out from what is in memory later.
//
// They are as good as the seed.  QEMU's device tree brings 32 bytes from the
// host's own generator (made from -seed, if that was given); a machine without
// one has only its clocks and the times at which keys were struck: enough to
// tell two runs apart, not to keep a secret.
#pragma once
#include <stddef.h>
#include <stdint.h>

void random_bytes(void *to, size_t size);

// Mixes in something that was hard to foresee.
void random_stir(uint64_t event);

// Fills user memory: bytes moved, -EFAULT or PENDING.
struct transfer;
int64_t random_transfer(struct transfer *t);

// Takes the seed; getrandom().
void random_init(void);
