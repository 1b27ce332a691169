// What is there, and nothing else: ways to a process's memory that make no page
// and never wait.
#include "lib/string.h"
#include "memory/space.h"
#include "memory/table.h"

// It makes no page: looking at a process must not cost it memory.
size_t space_peek(struct space *space, void *to, uint64_t from, size_t size)
{
	size_t done = 0;

	while (done < size && from + done < TABLE_END) {
		uint64_t at = from + done;
		uint64_t *entry = table_entry(space->root, at);
		size_t room = PAGE_SIZE - (at & PAGE_MASK);

		if (!entry || !(*entry & PTE_V))
			break;
		if (room > size - done)
			room = size - done;
		memcpy(to + done, pte_frame(*entry) + (at & PAGE_MASK), room);
		done += room;
	}
	return done;
}

// A hart that takes the page away, or its table, has the lock: it does not let
// go before this hart has been in the kernel with an interrupt, for it has the
// space loaded; so nobody else uses what this may still write to.  But debug
// builds poison what is freed, at once.
bool space_store_free(struct process *process, uint64_t to, const void *from, size_t size)
{
	uint64_t need = PTE_V | PTE_U | PTE_W, *entry, now;

	if (DEBUG || to >= TABLE_END || PAGE_SIZE - (to & PAGE_MASK) < size)
		return false;
	entry = table_entry(space_of(process)->root, to);
	now = entry ? __atomic_load_n(entry, __ATOMIC_RELAXED) : 0;
	if ((now & need) != need)
		return false;
	memcpy((char *)pte_frame(now) + (to & PAGE_MASK), from, size);
	return true;
}
