#include "process/census.h"
#include "files/proc.h"
#include "machine/pass.h"
#include "process/family.h"

static char census_state(struct process *process)
{
	if (family_of(process)->zombie || process->ended)
		return 'Z';
	if (family_of(family_leader(process))->stopped)
		return 'T';
	// One that was woken is in no queue while it runs.
	if (process->task.queued || sched_runner(&process->task))
		return 'R';
	return 'S';
}

static void census_describe(struct process *process, struct proc_info *info)
{
	struct family *family = family_of(family_leader(process));

	info->state = census_state(process);
	info->parent = family->parent ? family->parent->pid : 0;
	info->group = family->group;
	info->session = family->session;
	info->threads = family->alive;
	info->born = family->born;
	info->exit_status = family->status;
}

static struct proc_source census = { .describe = census_describe };

static struct proc_number longest = {
	.name = "longest_pass", .get = pass_longest,
};

void census_init(void)
{
	proc_add_number(&longest);
	proc_add_source(&census);
}
