#include "process/victim.h"
#include "files/file.h"
#include "lib/print.h"
#include "memory/fault.h"
#include "memory/space.h"
#include "process/family.h"
#include "process/signal.h"

// Sizes that differ by less than 1 MiB are alike: among many small ones the
// youngest ends, and not the shell that started them.
#define ALIKE 256 // frames

// In frames: what it has in memory, and in pipes.
static uint64_t victim_size(struct process *process)
{
	return space_size(space_of(process)) + file_held(process);
}

static bool victim_larger(struct process *a, struct process *b)
{
	return victim_size(a) / ALIKE > victim_size(b) / ALIKE;
}

// Process 1 never ends so; and who has no space holds no pages.
static bool victim_possible(struct process *process)
{
	return space_of(process) && !family_of(process)->killed_by &&
	       family_leader(process)->pid != 1;
}

// The list is in the order of birth, so of equals the last one is taken.
static struct process *victim_find(void)
{
	struct process *found = NULL;

	LIST_EACH(node, &processes) {
		struct process *p = container_of(node, struct process, all);

		if (victim_possible(p) && !(found && victim_larger(found, p)))
			found = p;
	}
	return found;
}

// Somebody is on the way out already: its pages will be free in a moment.
static bool victim_dies(void)
{
	LIST_EACH(node, &processes) {
		struct process *p = container_of(node, struct process, all);

		if (family_of(p)->killed_by && !p->ended)
			return true;
	}
	return false;
}

static void victim_tell(struct process *victim)
{
	kprintf("%s[%d]: out of memory, holds %lu pages: killed by SIGKILL\n",
	        victim->name, victim->pid, victim_size(victim));
}

// Right behind the victim, which was woken to end; not at the tail of the ring,
// where the shell would wait for everybody in a fork bomb.
static struct trapframe *victim_wait(struct process *process)
{
	sched_park(&process->task);
	sched_wake(&process->task);
	return schedule();
}

// The process needs a page and there is none: the fault is taken again, and by
// then there is some, or another victim.
static struct trapframe *victim_fault(struct process *process)
{
	struct process *victim;

	if (victim_dies())
		return victim_wait(process);
	victim = victim_find();
	if (victim == NULL)
		victim = process; // process 1, and nobody else
	victim_tell(victim);
	if (family_leader(victim) == family_leader(process)) {
		family_exit(process, STATUS_SIGNAL(SIGKILL));
		return schedule();
	}
	family_kill(victim, SIGKILL);
	return victim_wait(process);
}

void victim_init(void)
{
	fault_no_memory = victim_fault;
}
