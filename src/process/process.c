#include "process/process.h"
#include "lib/errno.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/lock.h"
#include "memory/heap.h"
#include "process/float.h"

#define PID_MAX 4194304          // as Linux on 64 bits
#define BUCKETS PROCESS_BUCKETS
#define CLONE_SHARED 0x700       // CLONE_VM | CLONE_FS | CLONE_FILES

struct list processes = LIST_INIT(processes);
struct list *process_walk;
int process_count;

static struct process_part *first_part, *last_part;
static size_t record_size = sizeof(struct process);
static struct list *buckets;
static int last_pid;

// Offsets are given out while the kernel starts, so a part is found by one
// addition, and a record is one allocation, whatever the floors.
void process_register(struct process_part *part)
{
	part->offset = record_size;
	record_size += (part->size + 7) & ~7ul;
	part->previous = last_part;
	part->next = NULL;
	if (last_part)
		last_part->next = part;
	else
		first_part = part;
	last_part = part;
}

size_t process_record_size(void)
{
	return record_size;
}

// Buckets are linked when they are first used: 16 KiB of zeroes at start-up
// cost less than 1,024 rings.
struct process *process_find(int pid)
{
	struct list *bucket = &buckets[pid & (BUCKETS - 1)];

	LOCK_HELD();
	if (bucket->next == NULL)        // never used so far
		return NULL;
	LIST_EACH(node, bucket) {
		struct process *p = container_of(node, struct process, hash);

		if (p->pid == pid)
			return p;
	}
	return NULL;
}

// Pids go round, so one that has just ended is not met again for long: a late
// kill() hits nobody.
void process_publish(struct process *process)
{
	struct list *bucket;

	LOCK_HELD();
	do
		last_pid = last_pid < PID_MAX ? last_pid + 1 : 2;
	while (process_find(last_pid));
	process->pid = process->tgid = last_pid;
	bucket = &buckets[last_pid & (BUCKETS - 1)];
	if (bucket->next == NULL)
		list_init(bucket);
	list_add_tail(bucket, &process->hash);
	list_add_tail(&processes, &process->all);
	process_count++;
}

int process_last_pid(void)
{
	return last_pid;
}

// Undoes the parts from this one downwards.
static void process_undo(struct process *process, struct process_part *part)
{
	for (; part; part = part->previous)
		if (part->exit)
			part->exit(process);
}

// What was made is undone from the last to the first, as process_end() does it.
static int process_make_parts(struct process *child, struct process *parent, uint64_t flags)
{
	for (struct process_part *part = first_part; part; part = part->next) {
		int err = part->fork ? part->fork(child, parent, flags) : 0;

		if (err) {
			process_undo(child, part->previous);
			return err;
		}
	}
	return 0;
}

// A record with a frame like parent's, or a clean one; its parts are made.
static int process_make(struct process *parent, uint64_t flags, struct process **out)
{
	struct process *process = kmalloc(record_size);
	int err;

	if (process == NULL)
		return -ENOMEM;
	memset(process, 0, record_size);
	if (parent) {
		float_store(&parent->frame);
		process->frame = parent->frame;
		process->task.barred = parent->task.barred;
		if (parent->frame.float_hart)
			float_adopt(&process->frame);
		memcpy(process->name, parent->name, PROCESS_NAME);
	}
	list_init(&process->hash);
	list_init(&process->all);
	process->frame.status = MSTATUS_MPP_U | MSTATUS_MPIE;
	err = process_make_parts(process, parent, flags);
	if (err) {
		kfree(process);
		return err;
	}
	*out = process;
	return 0;
}

// All of it is cleared, for fork() copies the whole array.
static void process_set_name(struct process *process, const char *name)
{
	size_t n = strnlen(name, PROCESS_NAME - 1);

	memset(process->name, 0, PROCESS_NAME);
	memcpy(process->name, name, n);
}

struct process *process_new(const char *name, uint64_t entry, uint64_t stack)
{
	struct process *process;

	if (process_make(NULL, 0, &process))
		return NULL;
	process_publish(process);
	process_set_name(process, name);
	process->frame.pc = entry;
	process->frame.regs[SP] = stack;
	return process;
}

int process_fork(struct process *parent, uint64_t flags, struct process **child)
{
	return process_make(parent, flags, child);
}

// The registers are cleared, for a program must not see what the one before it
// knew.  (A user never sees stale memory: DESIGN, "Walls".)
void process_exec(struct process *process, const char *name)
{
	process_set_name(process, name);
	float_forget(&process->frame, true);
	memset(process->frame.regs, 0, sizeof process->frame.regs);
	for (struct process_part *part = first_part; part; part = part->next)
		if (part->exec)
			part->exec(process);
}

// Out of the queues first: a part that closes something wakes others, and must
// not find this one among those that can be woken.
void process_end(struct process *process)
{
	LOCK_HELD();
	sched_forget(&process->task);
	process->ended = true;
	float_forget(&process->frame, false);
	process_undo(process, last_part);
}

void process_revive(struct process *process, struct process *thread, const struct process_part *end)
{
	process->ended = false;
	process->task.run = NULL;
	for (struct process_part *part = first_part; part != end;
	     part = part->next)
		if (part->fork)
			part->fork(process, thread, CLONE_SHARED);
}

// One that was never published is in no list, and removing it does no harm.
void process_free(struct process *process)
{
	if (process->pid)
		process_count--;
	if (process_walk == &process->all)
		process_walk = process->all.next;
	list_remove(&process->hash);
	list_remove(&process->all);
	kfree(process);
}

static struct trapframe *process_end_faulty(struct process *process, unsigned long cause, unsigned long tval)
{
	kprintf("%s[%d]: %s, pc %lx, tval %lx: killed\n", process->name,
	        process->pid, trap_cause_name(cause), process->frame.pc, tval);
	process_end(process);
	process_free(process);
	return schedule();
}

struct trapframe *(*process_on_fault)(struct process *, unsigned long, unsigned long) =
	process_end_faulty;

struct trapframe *process_fault(struct trapframe *frame, unsigned long cause)
{
	return process_on_fault(process_of(frame), cause, csr_read(mtval));
}

// Both registers must allow it on a hart with supervisor mode; on one without,
// the second does not exist.
void process_allow_counters(void)
{
	csr_write(mcounteren, COUNTER_CYCLE | COUNTER_TIME | COUNTER_INSTRET);
	if (csr_read(misa) & MISA('S'))
		csr_write(scounteren,
		          COUNTER_CYCLE | COUNTER_TIME | COUNTER_INSTRET);
}

void process_init(void)
{
	process_allow_counters();
	trap_on_fault(process_fault);
	buckets = kzalloc(BUCKETS * sizeof buckets[0]);
	float_init();
	sched_init();
}
