#include "process/init.h"
#include "process/family.h"
#include "process/start.h"

// A session and a group of its own; its descendants are in them at first.
void init_start(const char *path, const char *const arguments[], int count)
{
	struct process *init = start_program(path, arguments, count);

	family_of(init)->group = family_of(init)->session = init->pid;
	sched_ready(&init->task);
}
