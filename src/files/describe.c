// /proc/PID: what is known of a process, in Linux's formats (proc(5)).
#include "files/report.h"
#include "lib/string.h"
#include "memory/space.h"
#include "process/wait.h"

#define TICK 10000000ul // ns
#define KIB (PAGE_SIZE / 1024)

static struct proc_source *sources;
static struct proc_source **last_source = &sources;

void proc_add_source(struct proc_source *source)
{
	*last_source = source;
	last_source = &source->next;
}

void report_describe(struct process *process, struct proc_info *info)
{
	memset(info, 0, sizeof *info);
	info->state = future_pending(process) ? 'S' : 'R';
	info->threads = 1;
	info->group = info->session = process->pid;
	for (struct proc_source *s = sources; s; s = s->next)
		s->describe(process, info);
}

static struct space nothing = { .areas = LIST_INIT(nothing.areas) };

// One that has ended has no memory.
static struct space *memory_of(struct process *process)
{
	struct space *space = space_of(process);

	return space ? space : &nothing;
}

static uint64_t size_of(const struct space *space)
{
	uint64_t size = 0;

	LIST_EACH(node, &space->areas)
		size += area_of(node)->end - area_of(node)->start;
	return size;
}

// The fields are counted as proc(5) does.
static int64_t stat_report(struct text *text, struct process *process)
{
	struct space *space = memory_of(process);
	struct proc_info i;

	report_describe(process, &i);
	text_printf(text, "%d (%s) %c %d %d %d %d %d", process->pid,
	            process->name, i.state, i.parent, i.group, i.session,
	            i.terminal, i.foreground); // 1 ... 8
	text_printf(text, " 0 0 0 0 0 %lu %lu %lu 0 20 0 %d 0 %lu %lu %lu",
	            i.user_ticks, i.system_ticks, i.children_ticks, i.threads,
	            i.born / TICK, size_of(space),
	            (uint64_t)space->resident); // ... 24
	text_printf(text, " %lu 0 0 %lu %lu %lu %lu %lu %lu %lu", UINT64_MAX,
	            space->stack_top, process->frame.regs[SP],
	            process->frame.pc, i.signals_pending, i.signals_blocked,
	            i.signals_ignored, i.signals_caught); // ... 34
	text_printf(text,
	            " 0 0 0 %d %lu 0 0 0 0 0 0 0 %lu %lu %lu %lu %lu %d\n",
	            i.exit_signal, process->frame.hartid, space->brk_start,
	            space->args, space->args_end, space->args_end,
	            space->env_end, i.exit_status); // ... 52
	return 0;
}

static const char *state_name(char state)
{
	switch (state) {
	case 'R':
		return "running";
	case 'Z':
		return "zombie";
	case 'T':
		return "stopped";
	}
	return "sleeping";
}

static int64_t status_report(struct text *text, struct process *process)
{
	struct space *space = memory_of(process);
	struct proc_info i;

	report_describe(process, &i);
	text_printf(text, "Name:\t%s\n", process->name);
	text_printf(text, "State:\t%c (%s)\n", i.state, state_name(i.state));
	text_printf(text, "Tgid:\t%d\nPid:\t%d\nPPid:\t%d\n", process->tgid,
	            process->pid, i.parent);
	text_printf(text, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
	text_printf(text, "VmSize:\t%8lu kB\nVmRSS:\t%8lu kB\n",
	            size_of(space) / 1024, space->resident * KIB);
	text_printf(text, "Threads:\t%d\n", i.threads);
	text_printf(text, "SigPnd:\t%016lx\nSigBlk:\t%016lx\n",
	            i.signals_pending, i.signals_blocked);
	text_printf(text, "SigIgn:\t%016lx\nSigCgt:\t%016lx\n",
	            i.signals_ignored, i.signals_caught);
	return 0;
}

static int64_t comm_report(struct text *text, struct process *process)
{
	text_printf(text, "%s\n", process->name);
	return 0;
}

// As it lies on the stack of the process, which may have changed it.
static int64_t cmdline_report(struct text *text, struct process *process)
{
	struct space *space = memory_of(process);
	uint64_t at = space->args;
	char bytes[128];

	while (at < space->args_end) {
		size_t n = space->args_end - at;

		if (n > sizeof bytes)
			n = sizeof bytes;
		n = space_peek(space, bytes, at, n);
		if (n == 0)
			break;
		text_add(text, bytes, n);
		at += n;
	}
	return 0;
}

static int64_t maps_report(struct text *text, struct process *process)
{
	struct space *space = memory_of(process);

	LIST_EACH(node, &space->areas) {
		const struct area *a = area_of(node);

		text_printf(text, "%08lx-%08lx %c%c%c%c %08lx 00:00 0\n",
		            a->start, a->end, a->access & USER_READ ? 'r' : '-',
		            a->access & USER_WRITE ? 'w' : '-',
		            a->access & USER_EXECUTE ? 'x' : '-',
		            a->shared ? 's' : 'p', a->offset);
	}
	return 0;
}

const struct report process_reports[] = {
	{ "stat", stat_report },
	{ "status", status_report },
	{ "comm", comm_report },
	{ "cmdline", cmdline_report },
	{ "maps", maps_report },
	{ NULL, NULL },
};
