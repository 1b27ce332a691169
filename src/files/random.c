// ChaCha20: D. J. Bernstein; RFC 8439, section 2.3.  The block counter needs no
// room, for every block has a key of its own ("fast key erasure").
#include "files/random.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "process/syscall.h"
#include "process/user.h"
#include "process/wait.h"

#define KEY_WORDS 8
#define BLOCK_WORDS 16
#define ROUNDS 20
#define RANDOM_PASS 1024 // bytes in one pass through the kernel

enum { GRND_NONBLOCK = 1,
       GRND_RANDOM = 2,
       GRND_INSECURE = 4 };

static uint32_t key[KEY_WORDS];
static uint64_t stirred; // events since the last block

static uint32_t rotate(uint32_t value, unsigned bits)
{
	return value << bits | value >> (32 - bits);
}

static void quarter_round(uint32_t *x, int a, int b, int c, int d)
{
	x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 16);
	x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 12);
	x[a] += x[b], x[d] = rotate(x[d] ^ x[a], 8);
	x[c] += x[d], x[b] = rotate(x[b] ^ x[c], 7);
}

// One block from the key and what was stirred in.
static void random_block(uint32_t out[BLOCK_WORDS])
{
	uint32_t in[BLOCK_WORDS] = { 0x61707865, 0x3320646e, 0x79622d32,
		                     0x6b206574 };

	memcpy(in + 4, key, sizeof key);
	memcpy(in + 14, &stirred, sizeof stirred);
	memcpy(out, in, sizeof in);
	for (int i = 0; i < ROUNDS / 2; i++) {
		for (int c = 0; c < 4; c++)
			quarter_round(out, c, c + 4, c + 8, c + 12);
		for (int c = 0; c < 4; c++)
			quarter_round(out, c, 4 + (c + 1) % 4, 8 + (c + 2) % 4,
			              12 + (c + 3) % 4);
	}
	for (int i = 0; i < BLOCK_WORDS; i++)
		out[i] += in[i];
}

// The first half of a block is the next key, the second goes out.
void random_bytes(void *to, size_t size)
{
	uint32_t block[BLOCK_WORDS];

	while (size) {
		size_t n = size < sizeof block - sizeof key
		                   ? size
		                   : sizeof block - sizeof key;

		random_block(block);
		memcpy(key, block, sizeof key);
		memcpy(to, block + KEY_WORDS, n);
		to += n;
		size -= n;
	}
	memset(block, 0, sizeof block);
}

// Costs a few instructions, for it is called at every key: the mixing is left
// to the next block.
void random_stir(uint64_t event)
{
	stirred = (stirred << 7 | stirred >> 57) ^ event;
}

int64_t random_transfer(struct transfer *t)
{
	uint8_t bytes[256];
	size_t size;
	int64_t err;

	if (t->left > RANDOM_PASS)
		t->left = RANDOM_PASS;
	size = t->left;
	err = transfer_prepare(t, size, USER_WRITE);

	while (t->left && !err) {
		size_t n = t->left < sizeof bytes ? t->left : sizeof bytes;

		random_bytes(bytes, n);
		err = transfer_out(t, bytes, n);
	}
	return err ? err : (int64_t)size;
}

static int64_t sys_getrandom(struct call *call)
{
	struct future *future = future_of(call);
	uint64_t done = future->progress;
	struct transfer t;
	int64_t n;

	if (call->arg[2] & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	transfer_init(&t, call->process, call->arg[0], call->arg[1]);
	transfer_skip(&t, done);
	n = random_transfer(&t);
	if (n == PENDING)
		return n;
	if (n < 0)
		return done ? (int64_t)done : n;
	if ((uint64_t)n == t.total)
		return done + n;
	future->progress = done + n;
	return future_again(future);
}

static const struct syscall rows[] = {
	SYSCALL(278, getrandom, sys_getrandom, "out:@2 len flags"),
};

void random_init(void)
{
	memcpy(key, board.seed, sizeof key);
	random_stir(clock_realtime());
	// Without a seed these are all there is: see the header.
	random_stir(csr_read(mcycle));
	SYSCALL_REGISTER(rows);
}
