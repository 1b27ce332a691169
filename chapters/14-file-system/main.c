// Chapter 14, file system: the root lies on a disk; and what a power cut leaves
// of another one, with the journal that puts it in order.
#include "disk/disk.h"
#include "disk/ext2.h"
#include "disk/ext2_super.h"
#include "disk/ramdisk.h"
#include "disk/root.h"
#include "disk/storage.h"
#include "files/console.h"
#include "files/fifo.h"
#include "files/files.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/panic.h"
#include "machine/pmp.h"
#include "machine/trap.h"
#include "memory/heap.h"
#include "memory/map.h"
#include "memory/page.h"
#include "memory/space.h"
#include "process/action.h"
#include "process/clone.h"
#include "process/deliver.h"
#include "process/exec.h"
#include "process/family.h"
#include "process/group.h"
#include "process/handler.h"
#include "process/init.h"
#include "process/process.h"
#include "process/reap.h"
#include "process/sleep.h"
#include "process/syscall.h"
#include "process/system.h"
#include "process/timer.h"
#include "process/usage.h"
#include "process/wait.h"

#define CUT 500 // this chapter's own system call
#define MIB 3 // of each RAM disk

static char *before, *after; // their memory
static uint32_t block_size;

// ---- the log, as it lies in the copy ----

static const void *block_at_cut(const struct journal *log, uint32_t n)
{
	return after + (size_t)log->map[n] * block_size;
}

// Descriptors say where the blocks behind them belong: 8 bytes for each, and 16
// more behind the first.  (jbd2: Linux, journal.rst.)
static unsigned tags_tell(const char *at)
{
	unsigned count = 0;
	struct journal_tag tag;

	at += sizeof(struct journal_header);
	do {
		memcpy(&tag, at, sizeof tag);
		kprintf(" %u", be32(tag.block));
		at += sizeof tag;
		if (!(be16(tag.flags) & TAG_SAME_UUID))
			at += 16;
		count++;
	} while (!(be16(tag.flags) & TAG_LAST));
	kprintf("\n");
	return count;
}

static void log_tell(const struct journal *log)
{
	const struct journal_super *super = block_at_cut(log, 0);
	uint32_t at = be32(super->start), sequence = be32(super->sequence);

	kprintf("the log begins with transaction %u\n", sequence);
	for (unsigned blocks = 0; at; at += 1 + blocks, blocks = 0) {
		const struct journal_header *head = block_at_cut(log, at);

		if (be32(head->magic) != JOURNAL_MAGIC ||
		    be32(head->sequence) != sequence)
			break;
		if (be32(head->kind) == JOURNAL_DESCRIPTOR) {
			kprintf("  %u: blocks", sequence);
			blocks = tags_tell((const char *)head);
		} else if (be32(head->kind) == JOURNAL_COMMIT) {
			kprintf("  %u: is committed\n", sequence++);
		}
	}
}

// All in one pass: nothing moves meanwhile, as when there is no power.
static int64_t sys_cut(struct call *call)
{
	(void)call;
	memcpy(after, before, (size_t)MIB << 20);
	LIST_EACH(node, &ext2_mounts) {
		struct ext2 *fs = container_of(node, struct ext2, list);

		if (strcmp(fs->name, "ram0") != 0)
			continue;
		block_size = fs->block_size;
		kprintf("power cut: %zu pages were changed in memory only\n",
		        cache_counts.dirty);
		log_tell(&fs->journal);
	}
	return 0;
}

static const struct syscall rows[] = {
	SYSCALL(CUT, cut, sys_cut, "none"),
};

static char *new_disk(const char *name)
{
	char *memory = kzalloc((size_t)MIB << 20);

	if (!memory || !ramdisk_at(name, memory, (size_t)MIB << 20, true))
		panic("no memory for %s", name);
	return memory;
}

static void start_init(void)
{
	static const char *const arguments[] = { "init" };

	init_start("/bin/init", arguments, 1);
	console_open(process_find(1));
}

void main(uint64_t hartid, uintptr_t fdt);
void main(uint64_t hartid, uintptr_t fdt)
{
	extern char _end[];

	(void)hartid;
	board_init(fdt);
	kprintf("Barefoot, chapter 14: file system\n");
	trap_init();
	clock_init();
	page_init(board_keep((uintptr_t)_end), board.ram + board.ram_size);
	process_init();
	pmp_lock_kernel();
	pmp_open();
	wait_init();
	syscall_init();
	timer_init();
	sleep_init();
	space_init();
	map_init();
	files_init();
	exec_init();
	family_init();
	usage_init();
	clone_init();
	reap_init();
	group_init();
	system_init();
	action_init();
	handler_init();
	deliver_init();
	fifo_init();
	before = new_disk("ram0");
	after = new_disk("ram1");
	disk_init();             // 13: what there is of disks
	storage_init();          // 14: the cache, ext2, mount()
	SYSCALL_REGISTER(rows);
	root_choose(start_init); // the first disk is the root
	trap_return(schedule());
}
