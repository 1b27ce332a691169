// Chapter 13, disk: requests that are under way together, a cache of what was
// read, and a program whose text comes from the disk.
#include "disk/block.h"
#include "disk/cache.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "disk/virtblk.h"
#include "disk/writeback.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/panic.h"
#include "machine/plic.h"
#include "machine/pmp.h"
#include "machine/trap.h"
#include "memory/page.h"
#include "memory/space.h"
#include "process/process.h"
#include "process/syscall.h"
#include "process/task.h"
#include "process/timer.h"
#include "process/wait.h"

#define REQUESTS 8
#define BLOCK_SECTORS (PAGE_SIZE / BLOCK_SECTOR)
#define TEXT_BLOCK 16 // where the program lies on the disk
#define CODE 0x1100000ul // and where it is mapped
#define TELL 500 // this chapter's own system calls
#define STOP 501

static struct block_device *device;
static struct cache_disk disk;
static struct cache_object blocks; // all of the disk, a page a block

// ---- requests ----

static struct block_request requests[REQUESTS];
static struct waker answered = WAKER_INIT(answered);
static int under_way;

static void answer(struct block_request *request)
{
	if (request->error)
		panic("sector %lu: error %d", request->sector, request->error);
	under_way--;
	wake_all(&answered);
}

static void submit(int n, enum block_op op, uint64_t block)
{
	struct block_request *r = &requests[n];

	r->op = op;
	r->sector = block * BLOCK_SECTORS;
	r->count = BLOCK_SECTORS;
	r->done = answer;
	under_way++;
	block_submit(device, r);
}

static uint64_t runs(void)
{
	return device->counts.reads + device->counts.writes;
}

// A scene is asked again until it answers 0, from its start each time.
static int64_t scene_apart(void)
{
	static bool begun;

	for (int n = 0; n < REQUESTS && !begun; n++) {
		requests[n].buffer = page_alloc(0);
		memset(requests[n].buffer, 'a' + n, PAGE_SIZE);
		submit(n, BLOCK_WRITE, 200 - 10 * n);
	}
	if (!begun)
		kprintf("%d blocks are written, apart: %u are under way\n",
		        REQUESTS, device->running);
	begun = true;
	return under_way ? park(&answered) : 0;
}

static int64_t scene_neighbours(void)
{
	static uint64_t before;

	if (before == 0) {
		before = runs();
		block_hold(device);
		for (int n = 0; n < REQUESTS; n++)
			submit(n, BLOCK_WRITE, 300 + n);
		block_release(device);
	}
	if (under_way)
		return park(&answered);
	kprintf("%d neighbours: the disk saw %lu request\n", REQUESTS,
	        runs() - before);
	return 0;
}

// ---- the cache ----

static int64_t get(uint64_t block, char expected)
{
	struct cache_page *page;
	int64_t err = cache_get(&blocks, block, &page);

	if (!err && *(char *)page->data != expected)
		panic("block %lu holds something else", block);
	return err;
}

static int64_t get_eight(void)
{
	int64_t err = 0;

	for (int n = 0; n < REQUESTS && !err; n++)
		err = get(200 - 10 * n, 'a' + n);
	return err;
}

static int64_t scene_again(void)
{
	static uint64_t before;
	int64_t err;

	before = before ? before : runs();
	err = get_eight();
	if (err)
		return err;
	kprintf("read through the cache: %lu requests", runs() - before);
	before = runs();
	if (get_eight() != 0)
		panic("what was read is not there");
	kprintf("; once more: %lu\n", runs() - before);
	return 0;
}

// Each is read by a request of its own: where a reader jumps, nobody knows what
// comes next.
static int64_t scene_backwards(void)
{
	static uint64_t before, done;
	int64_t err = 0;

	before = before ? before : runs();
	for (; done < 64 && !err; done += !err) {
		cache_ahead(&blocks, 463 - done, 512);
		err = get(463 - done, 0);
	}
	if (!err)
		kprintf("64 blocks backwards: %lu requests\n", runs() - before);
	return err;
}

static int64_t scene_forwards(void)
{
	static uint64_t before, done;
	int64_t err = 0;

	before = before ? before : runs();
	for (; done < 64 && !err; done += !err) {
		cache_ahead(&blocks, 32 + done, 512);
		err = get(32 + done, 0);
	}
	if (!err)
		kprintf("64 blocks forwards: %lu requests\n", runs() - before);
	return err;
}

// ---- a program on the disk ----

// It tells its number, twice, and stops.
asm(".pushsection .text.scene, \"ax\"\n"
    ".globl scene, scene_end\n"
    "scene:	li	a7, 500\n"
    "	ecall\n"
    "	li	a7, 124\n"
    "	ecall\n"
    "	li	a7, 501\n"
    "	ecall\n"
    "scene_end:\n"
    ".popsection\n");
extern char scene[], scene_end[];

// Written in memory, and on the disk when the cache has done with it.  Then it
// is forgotten in memory.
static int64_t scene_install(void)
{
	static bool written;
	struct cache_page *page;
	int64_t err;

	if (!written) {
		err = cache_get_new(&blocks, TEXT_BLOCK, &page);
		if (err)
			return err;
		memset(page->data, 0, PAGE_SIZE);
		memcpy(page->data, scene, scene_end - scene);
		page->block[0] = TEXT_BLOCK;
		page->valid = true;
		cache_dirty(page);
		written = true;
		kprintf("a program is written: %zu page is dirty\n",
		        cache_counts.dirty);
	}
	err = writeback_object(&blocks);
	if (!err)
		err = transport_flush(&disk, disk.clock);
	if (err)
		return err;
	kprintf("it is on the disk, and lasting: %zu are dirty, %lu flush\n",
	        cache_counts.dirty, device->counts.flushes);
	cache_drop(cache_find(&blocks, TEXT_BLOCK));
	return 0;
}

// What an address space asks for the pages of an area: blocks of the disk.
static int64_t text_page(struct pager *pager, uint64_t index, void **frame)
{
	struct cache_page *page;
	int64_t err = cache_get(&blocks, TEXT_BLOCK + index, &page);

	(void)pager;
	if (err)
		return err;
	page_get(page->data);
	*frame = page->data;
	return 0;
}

static void text_keep(struct pager *pager)
{
	(void)pager; // it is there forever
}

static const struct pager_ops text_ops = { .page = text_page,
	                                   .get = text_keep,
	                                   .put = text_keep };
static struct pager text = { .ops = &text_ops };

static void start(void)
{
	struct area code = { .start = CODE,
		             .end = CODE + PAGE_SIZE,
		             .access = USER_READ | USER_EXECUTE,
		             .pager = &text,
		             .valid = PAGE_SIZE };
	struct process *process = process_new("scene", CODE, 0);
	struct space *space = space_new();

	if (!process || !space || space_add(space, &code))
		panic("no memory for a process");
	space_enter(process, space);
	sched_ready(&process->task);
}

static uint64_t reads_before;

static int64_t scene_run(void)
{
	reads_before = device->counts.reads;
	for (int n = 0; n < 3; n++)
		start();
	return 0;
}

static int64_t sys_tell(struct call *call)
{
	const struct cache_page *page = cache_find(&blocks, TEXT_BLOCK);

	kprintf("process %d: my text is block %u of the disk\n",
	        call->process->pid, page->block[0]);
	return 0;
}

static int64_t sys_stop(struct call *call)
{
	const struct cache_page *page = cache_find(&blocks, TEXT_BLOCK);

	if (process_count == 3)
		kprintf("3 processes: it was read %lu time, into %d frame with "
		        "%u users\n",
		        device->counts.reads - reads_before, 1,
		        page_refs(page->data) - 1);
	process_end(call->process);
	process_free(call->process);
	if (process_count == 0)
		board.poweroff(0);
	return PENDING;
}

static const struct syscall rows[] = {
	SYSCALL(TELL, tell, sys_tell, "none"),
	SYSCALL(STOP, stop, sys_stop, "none"),
};

// ---- one after another ----

static int64_t (*const scenes[])(void) = {
	scene_apart,    scene_neighbours, scene_again, scene_backwards,
	scene_forwards, scene_install,    scene_run,
};

static int64_t play(struct ktask *task)
{
	static size_t next;
	int64_t err = 0;

	park_task = &task->waiting;
	while (!err && next < sizeof scenes / sizeof scenes[0]) {
		err = scenes[next]();
		next += !err;
	}
	park_task = NULL;
	if (err && err != PENDING)
		panic("scene %zu: error %d", next, (int)-err);
	return err;
}

void main(uint64_t hartid, uintptr_t fdt);
void main(uint64_t hartid, uintptr_t fdt)
{
	extern char _end[];
	static struct ktask task = { .poll = play };

	(void)hartid;
	board_init(fdt);
	kprintf("Barefoot, chapter 13: disk\n");
	trap_init();
	clock_init();
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	process_init();
	pmp_lock_kernel();
	pmp_open();
	wait_init();
	syscall_init();
	timer_init();
	space_init();
	plic_init();
	SYSCALL_REGISTER(rows);
	virtblk_init();          // 13: what there is of disks,
	park_init();             // who waits for one,
	cache_init(256);         // what was read,
	writeback_init(1024);    // and what is to be written
	device = block_at(0);
	if (device == NULL)
		panic("this chapter needs a disk");
	kprintf("%s: %lu sectors\n", device->name, device->sectors);
	cache_disk_init(&disk, device);
	cache_object_init(&blocks, &disk, PAGE_SIZE, PAGE_SIZE);
	ktask_spawn(&task);
	trap_return(schedule());
}
