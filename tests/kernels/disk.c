// Block devices: patterns written and read back with many requests under way,
// neighbours that go as one, errors, and a device that does not answer.
//
//	disk=NAME scene=NAME [patience=MS] [ramdisk=MiB[,deferred]]
#include "common.h"
#include "disk/block.h"
#include "disk/ramdisk.h"
#include "disk/virtblk.h"
#include "machine/plic.h"

#define WINDOW 24 // requests under way at a time
#define MOST 64 // sectors in one of them

static struct block_device *disk;
static struct waker answered = WAKER_INIT(answered);
static int under_way, most_under_way, errors;
static uint64_t done_count;

struct job {
	struct block_request request;
	bool busy;
};
static struct job jobs[WINDOW];

static void job_done(struct block_request *request)
{
	struct job *job = container_of(request, struct job, request);

	CHECK(job->busy && list_empty(&request->node));
	job->busy = false;
	under_way--;
	done_count++;
	errors += request->error != 0;
	wake_all(&answered);
}

static void submit(struct job *job, enum block_op op, uint64_t sector,
                   uint32_t count)
{
	struct block_request *r = &job->request;

	CHECK(!job->busy);
	r->op = op;
	r->sector = sector;
	r->count = count;
	r->done = job_done;
	r->error = 1;
	job->busy = true;
	if (++under_way > most_under_way)
		most_under_way = under_way;
	block_submit(disk, r);
}

// ---- every sector is written with its number and a salt, and read back ----

static uint64_t word_of(uint64_t sector, uint64_t i)
{
	return (sector << 8 | i) * 0x9e3779b97f4a7c15 ^ 0x5a17;
}

static void fill(struct block_request *r, uint64_t sector, uint32_t count)
{
	uint64_t *word = r->buffer;

	for (uint64_t s = sector; s < sector + count; s++)
		for (int i = 0; i < 64; i++)
			*word++ = word_of(s, i);
}

static void check(const struct block_request *r)
{
	const uint64_t *word = r->buffer;

	CHECK(r->error == 0);
	for (uint64_t s = r->sector; s < r->sector + r->count; s++)
		for (int i = 0; i < 64; i++)
			CHECK(*word++ == word_of(s, i));
}

static struct job *free_job(void)
{
	for (int i = 0; i < WINDOW; i++)
		if (!jobs[i].busy)
			return &jobs[i];
	return NULL;
}

static uint64_t next_random(void)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	return state ^= state << 17;
}

static uint64_t position;

// One pass over the disk; true when it is at its end.
static bool go_over(enum block_op op)
{
	struct job *job;

	while (position < disk->sectors && (job = free_job()) != NULL) {
		uint32_t count = 1 + next_random() % MOST;

		if (count > disk->sectors - position)
			count = disk->sectors - position;
		if (op == BLOCK_WRITE)
			fill(&job->request, position, count);
		else if (job->request.op == BLOCK_READ && job->request.count)
			check(&job->request);
		submit(job, op, position, count);
		position += count;
	}
	return position == disk->sectors && under_way == 0;
}

static bool flushed(void)
{
	static bool asked;

	if (!asked)
		submit(&jobs[0], BLOCK_FLUSH, ~0ul, ~0u);
	asked = true;
	return under_way == 0;
}

static bool scene_pattern(void)
{
	static int stage;

	if (stage == 0 && go_over(BLOCK_WRITE))
		stage++;
	if (stage == 1 && flushed()) {
		stage++;
		position = 0;
		for (int i = 0; i < WINDOW; i++)
			jobs[i].request.count = 0;
	}
	if (stage != 2 || !go_over(BLOCK_READ))
		return false;
	for (int i = 0; i < WINDOW; i++)
		if (jobs[i].request.count)
			check(&jobs[i].request);
	CHECK(errors == 0);
	return true;
}

// ---- neighbours ----

static bool scene_joined(void)
{
	static bool asked;
	uint64_t before = disk->counts.reads;

	if (!asked) {
		asked = true;
		block_hold(disk);
		for (int i = 0; i < 16; i++)
			submit(&jobs[i], BLOCK_READ, 8 * i, 8);
		submit(&jobs[16], BLOCK_READ, 8 * 17, 8); // not a neighbour
		submit(&jobs[17], BLOCK_WRITE, 8 * 18, 8); // nor of one kind
		CHECK(disk->counts.reads == before);
		block_release(disk);
	}
	if (under_way)
		return false;
	CHECK(errors == 0 && disk->counts.reads == 2);
	CHECK(disk->counts.reads_joined == 15 && disk->counts.writes == 1);
	return true;
}

// ---- what cannot be ----

static bool scene_refused(void)
{
	uint64_t end = disk->sectors;
	struct {
		uint64_t sector;
		uint32_t count;
		int error;
	} cases[] = {
		{ 0, 0, -EINVAL }, { end, 1, -EINVAL },
		{ end - 1, 2, -EINVAL }, { ~0ul, 2, -EINVAL },
		{ ~0ul - 1, 1, -EINVAL }, { 1, ~0u, -EINVAL },
	};

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		submit(&jobs[0], BLOCK_READ, cases[i].sector, cases[i].count);
		CHECK(!jobs[0].busy);
		CHECK(jobs[0].request.error == cases[i].error);
	}
	if (disk->read_only) {
		submit(&jobs[0], BLOCK_WRITE, 0, 1);
		CHECK(jobs[0].request.error == -EROFS);
	}
	return true;
}

// ---- every block once, one at a time, and which of them fail ----

static bool each_block(enum block_op op)
{
	struct block_request *r = &jobs[0].request;
	static bool asked;

	while (under_way == 0) {
		if (asked && r->error)
			kprintf("%s of sector %lu: error %d\n",
			        op == BLOCK_READ ? "read" : "write",
			        r->sector, -r->error);
		asked = true;
		if (position == disk->sectors)
			return true;
		submit(&jobs[0], op, position, 8);
		position += 8;
	}
	return false;
}

static bool scene_errors(void)
{
	static bool second;

	if (!second && each_block(BLOCK_READ)) {
		second = true;
		position = 0;
		jobs[0].request.error = 0;
	}
	return second && each_block(BLOCK_WRITE);
}

// ---- one after the other, until one is not answered ----

static bool scene_stalled(void)
{
	static int rounds;

	while (under_way == 0 && rounds < 6) {
		if (rounds++)
			kprintf("round %d: %d errors\n", rounds - 1, errors);
		errors = 0;
		if (rounds < 6)
			for (int i = 0; i < 3; i++)
				submit(&jobs[i], BLOCK_READ, 100 * i, 8);
	}
	return rounds == 6 && under_way == 0;
}

static const struct {
	const char *name;
	bool (*turn)(void);
} scenes[] = {
	{ "pattern", scene_pattern }, { "joined", scene_joined },
	{ "refused", scene_refused }, { "errors", scene_errors },
	{ "stalled", scene_stalled },
};

static void finish(void)
{
	const struct block_counts *c = &disk->counts;

	kprintf("%s '%s': %lu sectors, %lu requests, %d under way; %lu reads, "
	        "%lu writes, %lu flushes\n",
	        disk->name, disk->serial, disk->sectors, done_count,
	        most_under_way, c->reads, c->writes, c->flushes);
	board.poweroff(0);
}

static int64_t play(struct ktask *ktask)
{
	for (unsigned i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
		if (board_arg_is("scene", scenes[i].name)) {
			if (scenes[i].turn())
				finish();
			wait_on(&ktask->waiting, &answered);
			return PENDING;
		}
	panic("no such scene");
}

void main(unsigned long hartid, uintptr_t fdt)
{
	static struct ktask player = { .poll = play };
	const char *name;
	size_t length;
	(void)hartid;

	start_floors(fdt);
	plic_init();
	name = board_arg("patience", &length);
	if (name)
		for (virtblk_patience = 0; length--; name++)
			virtblk_patience = virtblk_patience * 10 + *name - '0';
	ramdisk_init();
	virtblk_init();
	for (int i = 0; i < WINDOW; i++)
		jobs[i].request.buffer = page_alloc(3);
	for (unsigned n = 0; (disk = block_at(n)) != NULL; n++)
		if (board_arg_is("disk", disk->name))
			break;
	if (disk == NULL) {
		kprintf("no such disk\n");
		board.poweroff(1);
	}
	ktask_spawn(&player);
	trap_return(schedule());
}
