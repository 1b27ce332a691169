#include "files/report.h"
#include "files/file.h"
#include "files/mount.h"
#include "files/place.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "memory/heap.h"
#include "memory/page.h"
#include "memory/shortage.h"
#include "memory/space.h"
#include "process/syscall.h"

#define TICK 10000000ul // ns: Linux's USER_HZ is 100 everywhere
#define KIB(pages) ((pages) * (PAGE_SIZE / 1024))

// The linker script's.
extern char _text_start[], _text_end[], _rodata_end[], _data_end[];
extern char _bss_start[], _bss_end[];

static struct proc_number *numbers;

void proc_add_number(struct proc_number *number)
{
	number->next = numbers;
	numbers = number;
}

// All processes in sum.
struct load {
	int count, running, last_pid;
};

// There may be thousands, so each is asked for what matters only.
static struct load load_now(void)
{
	struct load load = {
		.count = process_count,
		.running = !process_running()->task.queued,
		.last_pid = process_last_pid(),
	};

	LIST_EACH(node, &processes)
		load.running += container_of(node, struct process, all)
		                        ->task.queued;
	return load;
}

// Of one hart, in ns; what runs right now was charged before.
static uint64_t busy_of(const struct hart *hart)
{
	return clock_ns(hart->charged - hart->idle);
}

static uint64_t busy_time(void)
{
	uint64_t ns = 0;

	sched_charge_all();
	HARTS_EACH(hart, harts_online)
		ns += busy_of(hart);
	return ns;
}

static int64_t stat_report(struct text *text, struct process *process)
{
	struct load load = load_now();
	uint64_t busy = busy_time() / TICK;
	uint64_t up = clock_monotonic();
	uint64_t idle = up / TICK * harts_count() - busy;
	(void)process;

	text_printf(text, "cpu  %lu 0 0 %lu 0 0 0 0 0 0\n", busy, idle);
	HARTS_EACH(hart, harts_online) {
		busy = busy_of(hart) / TICK;
		text_printf(text, "cpu%lu %lu 0 0 %lu 0 0 0 0 0 0\n", hart->id,
		            busy, up / TICK - busy);
	}
	text_printf(text, "intr 0\nctxt 0\nbtime %lu\nprocesses %d\n",
	            (clock_realtime() - up) / NANOSECONDS, load.last_pid);
	text_printf(text, "procs_running %d\nprocs_blocked 0\n", load.running);
	return 0;
}

static int64_t meminfo_report(struct text *text, struct process *process)
{
	uint64_t free = KIB(memory_free());
	const struct {
		const char *name;
		uint64_t kib;
	} lines[] = {
		{ "MemTotal", KIB(page_total()) },
		{ "MemFree", free },
		{ "MemAvailable", free },
		{ "Buffers", 0 },
		{ "Cached", 0 },
		{ "SwapCached", 0 },
		{ "SwapTotal", 0 },
		{ "SwapFree", 0 },
		{ "Slab", heap_used() / 1024 },
	};
	(void)process;

	for (unsigned i = 0; i < sizeof lines / sizeof lines[0]; i++)
		text_printf(text, "%s:%s%9lu kB\n", lines[i].name,
		            &"                "[strlen(lines[i].name)],
		            lines[i].kib);
	return 0;
}

static void add_seconds(struct text *text, uint64_t ns)
{
	text_printf(text, "%lu.%02lu", ns / NANOSECONDS,
	            ns % NANOSECONDS / TICK);
}

static int64_t uptime_report(struct text *text, struct process *process)
{
	uint64_t busy = busy_time(), up = clock_monotonic();
	(void)process;

	add_seconds(text, up);
	text_printf(text, " ");
	add_seconds(text, up * harts_count() - busy);
	text_printf(text, "\n");
	return 0;
}

// Averages would need a look at the queue every few seconds, and an idle
// machine takes no interrupts: so they are not kept.
static int64_t loadavg_report(struct text *text, struct process *process)
{
	struct load load = load_now();
	(void)process;

	text_printf(text, "0.00 0.00 0.00 %d/%d %d\n", load.running, load.count,
	            load.last_pid);
	return 0;
}

static int64_t version_report(struct text *text, struct process *process)
{
	(void)process;
	text_printf(text, "Barefoot version 6.1.0 (gcc %s)\n", __VERSION__);
	return 0;
}

static int64_t cpuinfo_report(struct text *text, struct process *process)
{
	uint64_t misa = csr_read(misa);
	unsigned number = 0;
	(void)process;

	HARTS_EACH(hart, harts_online) {
		text_printf(text,
		            "processor\t: %u\nhart\t\t: %lu\nisa\t\t: rv64",
		            number++, hart->id);
		for (const char *c = "IMAFDC"; *c; c++)
			if (misa & MISA(*c))
				text_printf(text, "%c", *c | 0x20);
		text_printf(text, "\nboard\t\t: %s\n\n", board.name);
	}
	return 0;
}

static int64_t cmdline_report(struct text *text, struct process *process)
{
	(void)process;
	text_printf(text, "%s\n", board.bootargs);
	return 0;
}

static int64_t mounts_report(struct text *text, struct process *process)
{
	const struct mount *m;
	(void)process;

	for (int i = 0; (m = mount_at(i)) != NULL; i++)
		text_printf(text, "%s%s %s %s %s 0 0\n", m->disk ? "/dev/" : "",
		            m->disk ? m->disk : m->type, m->path, m->type,
		            m->options);
	return 0;
}

// The table of system calls, from which the test of bad pointers is made.
static int64_t syscalls_report(struct text *text, struct process *process)
{
	(void)process;
	for (int number = 0; number < SYSCALL_LIMIT; number++) {
		const struct syscall *row = syscall_row(number);

		if (row)
			text_printf(text, "%d %s %s\n", number, row->name,
			            row->args);
	}
	return 0;
}

// A process's record, its space, its table of files and its place.
static uint64_t record_bytes(void)
{
	return process_record_size() + sizeof(struct space) +
	       file_record_size() + place_record_size();
}

static int64_t kernel_report(struct text *text, struct process *process)
{
	(void)process;
	text_printf(text, "text %ld\n", _text_end - _text_start);
	text_printf(text, "rodata %ld\n", _rodata_end - _text_end);
	text_printf(text, "data %ld\n", _data_end - _rodata_end);
	text_printf(text, "bss %ld\n", _bss_end - _bss_start);
	text_printf(text, "bytes_per_process %lu\n", record_bytes());
	text_printf(text, "heap_used %zu\n", heap_used());
	text_printf(text, "harts %u\n", harts_count());
	busy_time();
	HARTS_EACH(hart, harts_online)
		text_printf(text, "hart%lu_busy_ms %lu\n", hart->id,
		            busy_of(hart) / 1000000);
	for (struct proc_number *n = numbers; n; n = n->next)
		text_printf(text, "%s %lu\n", n->name, n->get());
	return 0;
}

const struct report system_reports[] = {
	{ "stat", stat_report },
	{ "meminfo", meminfo_report },
	{ "uptime", uptime_report },
	{ "loadavg", loadavg_report },
	{ "version", version_report },
	{ "cpuinfo", cpuinfo_report },
	{ "cmdline", cmdline_report },
	{ "mounts", mounts_report },
	{ "syscalls", syscalls_report },
	{ "kernel", kernel_report },
	{ NULL, NULL },
};
