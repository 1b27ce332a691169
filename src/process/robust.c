#include "process/robust.h"
#include "memory/space.h"
#include "process/family.h"
#include "process/futex.h"

#define OWNER_DIED      0x40000000u
#define OWNER_WAITED    0x80000000u
#define OWNER_MASK      0x3fffffffu
#define ROBUST_MOST     2048     // entries looked at: the list may be a ring

// Linux's struct robust_list_head: a list in user memory of the locks that the
// thread holds.
struct robust_head {
	uint64_t next;
	int64_t offset;          // from an entry to its word
	uint64_t pending;        // a lock being taken or given up
};

// A lock whose holder is gone says so, and one that waits for it is told.
static void robust_release(struct process *process, uint64_t address)
{
	uint32_t word;

	if (user_copy_in(process, &word, address, 4) ||
	    (word & OWNER_MASK) != (uint32_t)process->pid)
		return;
	word = (word & OWNER_WAITED) | OWNER_DIED;
	if (user_copy_out(process, address, &word, 4) == 0 &&
	    (word & OWNER_WAITED))
		futex_wake(process, address, 1);
}

// The list is the user's, so it may be a ring, or lead anywhere: the count ends
// it.  The pending lock may be in the list or not, hence looked at once, last.
static void robust_walk(struct process *process, uint64_t list)
{
	struct robust_head head;
	uint64_t entry;

	if (list == 0 || user_copy_in(process, &head, list, sizeof head))
		return;
	entry = head.next;
	for (int i = 0; i < ROBUST_MOST && entry != list; i++) {
		uint64_t next;

		if (user_copy_in(process, &next, entry, sizeof next))
			return;
		if (entry != head.pending)
			robust_release(process, entry + head.offset);
		entry = next;
	}
	if (head.pending)
		robust_release(process, head.pending + head.offset);
}

// Who joins the thread waits for this word to become 0.
void robust_thread_gone(struct process *process, uint64_t clear_tid)
{
	const uint32_t zero = 0;

	robust_walk(process, family_of(process)->robust_list);
	if (clear_tid && space_of(process)->refs > 1 &&
	    user_copy_out(process, clear_tid, &zero, 4) == 0)
		futex_wake(process, clear_tid, 1);
}
