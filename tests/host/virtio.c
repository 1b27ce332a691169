// The driver of virtio-blk against a device that is played: both versions,
// queues of all sizes, and all that a device may do wrong.
#include "disk/virtblk.h"
#include "claim.h"
#include "disk/block.h"
#include "fakedisk.h"
#include "lib/errno.h"
#include <string.h>

#define REQUESTS 40

unsigned claims, failures;

static struct block_device *disk;
static struct {
	struct block_request request;
	uint8_t data[512];
	unsigned resets; // when done() came
	int dones;
} jobs[REQUESTS + 1];

static void done(struct block_request *request)
{
	unsigned n = (uintptr_t)request->private;

	jobs[n].dones++;
	jobs[n].resets = fake.resets;
}

static void submit(unsigned n, enum block_op op, uint64_t sector)
{
	struct block_request *r = &jobs[n].request;

	jobs[n].dones = 0;
	*r = (struct block_request){ .sector = sector, .count = 1, .op = op,
		                     .buffer = jobs[n].data, .error = 1,
		                     .done = done,
		                     .private = (void *)(uintptr_t)n };
	block_submit(disk, r);
}

static bool ended(unsigned n, int error)
{
	return jobs[n].dones == 1 && jobs[n].request.error == error;
}

static bool says(const char *words)
{
	return strstr(fake_said, words) != NULL;
}

// Boots with the device as it is set up; false: no disk was found.
static bool boot(void)
{
	unsigned before = 0, after = 0;

	while (block_at(before))
		before++;
	virtblk_init();
	while (block_at(after))
		after++;
	disk = after > before ? block_at(after - 1) : NULL;
	fake_interrupt();
	return disk != NULL;
}

static void start(uint32_t version)
{
	fake_reset(version);
	CLAIM(boot());
}

// ---- what goes well ----

static void test_agreement(uint32_t version)
{
	start(version);
	CLAIM(disk->sectors == FAKE_SECTORS);
	CLAIM(strcmp(disk->serial, "number 1") == 0);
	CLAIM(disk->has_flush && !disk->read_only);
	CLAIM(fake.accepted ==
	      (1 << 9 | 1 << 2 | (version == 2 ? 1ul << 32 : 0)));
	CLAIM(fake_said[0] == '\0');

	fake_reset(version);
	fake.offered = version == 2 ? 1ul << 32 | 1 << 5 : 1 << 5;
	CLAIM(boot());
	CLAIM(disk->read_only && !disk->has_flush);
	submit(0, BLOCK_WRITE, 0);
	CLAIM(ended(0, -EROFS));
	submit(0, BLOCK_FLUSH, 0);
	CLAIM(ended(0, 0) && fake.flushes == 0);
}

static void test_data(uint32_t version)
{
	start(version);
	for (unsigned i = 0; i < REQUESTS; i++) {
		memset(jobs[i].data, 0x40 + i, 512);
		submit(i, BLOCK_WRITE, i);
	}
	for (int turn = 0; turn < 10; turn++)
		fake_interrupt();
	for (unsigned i = 0; i < REQUESTS; i++) {
		CLAIM(ended(i, 0) && fake.data[512 * i + 7] == 0x40 + i);
		submit(i, BLOCK_READ, REQUESTS - 1 - i);
	}
	submit(REQUESTS, BLOCK_FLUSH, 0);
	for (int turn = 0; turn < 40; turn++)
		fake_interrupt();
	for (unsigned i = 0; i < REQUESTS; i++)
		CLAIM(ended(i, 0) &&
		      jobs[i].data[9] == 0x40 + REQUESTS - 1 - i);
	CLAIM(ended(REQUESTS, 0) && fake.flushes == 1);
	CLAIM(disk->running == 0 && fake.resets == 1);
}

// Neighbours that wait go together; held, they go in as few as can be.
static void test_joined(uint32_t version)
{
	start(version);
	fake.requests = 0;
	block_hold(disk);
	for (unsigned i = 0; i < REQUESTS; i++)
		submit(i, BLOCK_READ, i);
	CLAIM(fake.requests == 0);
	block_release(disk);
	fake_interrupt();
	CLAIM(fake.requests == 2 && ended(0, 0) && ended(REQUESTS - 1, 0));
}

// ---- queues ----

static void test_queues(uint32_t version)
{
	static const struct {
		const char *name;
		uint32_t most, seg_max, size, pieces, depth;
		const char *words;
	} rows[] = {
		{ "none", 0, 126, 0, 0, 0, "a queue of 0 is too small" },
		{ "one", 1, 126, 0, 0, 0, "a queue of 1 is too small" },
		{ "two", 2, 126, 0, 0, 0, "a queue of 2 is too small" },
		{ "three", 3, 126, 0, 0, 0, "a queue of 3 is too small" },
		{ "four", 4, 126, 4, 2, 1, "" },
		{ "odd", 7, 126, 4, 2, 1, "" },
		{ "eight", 8, 126, 8, 6, 1, "" },
		{ "64", 64, 126, 64, 32, 1, "" },
		{ "usual", 256, 126, 256, 32, 7, "" },
		{ "large", 1024, 126, 256, 32, 7, "" },
		{ "no power", 1000, 126, 256, 32, 7, "" },
		{ "short runs", 256, 4, 256, 4, 16, "" },
		{ "no runs", 256, 0, 256, 1, 16, "" },
	};

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		fake_reset(version);
		fake.queue_most = rows[i].most;
		fake.seg_max = rows[i].seg_max;
		ROW_CLAIM(rows[i].name, boot() == (rows[i].size != 0));
		ROW_CLAIM(rows[i].name, says(rows[i].words));
		ROW_CLAIM(rows[i].name, fake.queue_size == rows[i].size);
		if (disk == NULL)
			continue;
		ROW_CLAIM(rows[i].name, disk->pieces == rows[i].pieces);
		ROW_CLAIM(rows[i].name, disk->depth == rows[i].depth);
		submit(0, BLOCK_READ, 5);
		fake_interrupt();
		ROW_CLAIM(rows[i].name, ended(0, 0));
	}
	fake_reset(version);
	fake.in_use = true;
	CLAIM(!boot() && says("in use"));
}

// ---- what goes wrong ----

static void test_failure(uint32_t version)
{
	start(version);
	fake.mode = FAILS;
	submit(0, BLOCK_READ, 0);
	submit(1, BLOCK_FLUSH, 0);
	fake_interrupt();
	CLAIM(ended(0, -EIO) && ended(1, -EIO) && fake.resets == 1);
	CLAIM(disk->counts.errors == 2);
}

// The time-out, and that the memory is given back after the reset only.
static void test_silence(uint32_t version)
{
	start(version);
	fake.mode = SILENT;
	submit(0, BLOCK_READ, 0);
	fake_sleep(virtblk_patience - 1);
	CLAIM(jobs[0].dones == 0 && fake.resets == 1);
	submit(1, BLOCK_WRITE, 9);
	fake_sleep(1);
	CLAIM(ended(0, -EIO) && ended(1, -EIO));
	CLAIM(jobs[0].resets > 1 && jobs[1].resets > 1);
	CLAIM(says("no answer"));
	fake.mode = ANSWERS; // it has come to its senses
	submit(0, BLOCK_READ, 0);
	fake_interrupt();
	CLAIM(ended(0, 0) && fake.working);
	for (int i = 0; i < 2; i++) {
		fake.mode = SILENT;
		submit(0, BLOCK_READ, 0);
		fake_sleep(virtblk_patience);
		CLAIM(ended(0, -EIO));
	}
	CLAIM(says("given up") && !fake.working);
	fake.mode = ANSWERS;
	fake.notifies = 0;
	submit(0, BLOCK_READ, 0); // not asked any more
	CLAIM(ended(0, -EIO) && fake.notifies == 0 && disk->running == 0);
}

// Each request has a time of its own, whatever came of others.
static void test_deadlines(uint32_t version)
{
	start(version);
	for (int i = 0; i < 3; i++) {
		submit(0, BLOCK_READ, 0);
		fake_interrupt();
		fake_sleep(virtblk_patience / 2);
		CLAIM(ended(0, 0) && fake.resets == 1);
	}
	fake.mode = SILENT; // the timer is still that of the first one
	submit(0, BLOCK_READ, 0);
	fake_sleep(virtblk_patience / 2);
	CLAIM(jobs[0].dones == 0);
	fake_sleep(virtblk_patience / 2);
	CLAIM(ended(0, -EIO));
	start(version);
	fake_sleep(virtblk_patience * 2); // nothing under way, nobody is late
	CLAIM(fake.resets == 1 && fake_alarm == 0);
}

static void test_nonsense(uint32_t version)
{
	static const enum mode modes[] = { CONFUSED, REPEATS, BREAKS };
	static const char *const words[] = { "wrong answer", "wrong answer",
		                             "wants it" };

	for (int i = 0; i < 3; i++) {
		start(version);
		fake.mode = modes[i];
		submit(0, BLOCK_READ, 0);
		fake_interrupt();
		CLAIM(says(words[i]) && fake.resets > 1);
		CLAIM(jobs[0].dones == 1);
		fake.mode = ANSWERS;
		submit(0, BLOCK_READ, 0);
		fake_interrupt();
		CLAIM(ended(0, 0));
	}
}

static void test_stubborn(uint32_t version)
{
	start(version);
	fake.mode = SILENT;
	fake.stubborn = true;
	submit(0, BLOCK_READ, 0);
	fake_sleep(virtblk_patience);
	CLAIM(ended(0, -EIO) && says("does not reset") && says("given up"));
}

static void test_refusal(void)
{
	fake_reset(2);
	fake.refuses = true;
	CLAIM(!boot() && says("refuses our features"));
	fake_reset(3);
	CLAIM(!boot() && says("version 3 is unknown"));
}

int main(void)
{
	for (uint32_t version = 1; version <= 2; version++) {
		test_agreement(version);
		test_data(version);
		test_joined(version);
		test_queues(version);
		test_failure(version);
		test_silence(version);
		test_deadlines(version);
		test_nonsense(version);
		test_stubborn(version);
	}
	test_refusal();
	printf("virtio: %u claims, %u do not hold\n", claims, failures);
	return failures != 0;
}
