// A kernel of its own: reads a line, does what it says, and never dies of it.
#include "monitor/monitor.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clock.h"
#include "machine/csr.h"
#include "machine/hart.h"
#include "machine/trap.h"

#define CHECKED (4ul << 20)      // bytes of memory that the checklist tests

extern char _end[];

static uintptr_t tree;           // a1 at reset

// What a command line says behind its first word.
struct words {
	uint64_t number[2];
	unsigned count;
	unsigned size;           // of the access: r8, r16, r32, r64
};

static void tell_fault(uintptr_t fault, uint64_t at)
{
	kprintf("fault: %s at %lx\n", trap_cause_name(fault - 1),
	        (unsigned long)at);
}

static void do_read(const struct words *w)
{
	uint64_t value, count = w->count > 1 ? w->number[1] : 1;
	uintptr_t at = w->number[0];

	for (; count; count--, at += w->size) {
		uintptr_t fault = peek(at, w->size, &value);

		if (fault) {
			tell_fault(fault, at);
			return;
		}
		kprintf("%lx: ", (unsigned long)at);
		for (int byte = w->size; byte-- > 0;)
			kprintf("%02x", (unsigned)(value >> 8 * byte & 0xff));
		kprintf("\n");
	}
}

static void do_write(const struct words *w)
{
	uintptr_t fault;

	if (is_ours(w->number[0], w->size)) {
		kprintf("refused: the monitor lies there\n");
		return;
	}
	fault = poke(w->number[0], w->size, w->number[1]);
	if (fault)
		tell_fault(fault, w->number[0]);
}

static void do_dump(const struct words *w)
{
	hexdump(w->number[0], w->count > 1 ? w->number[1] : 64);
}

static void do_memory(const struct words *w)
{
	check_memory(w->number[0], w->number[1]);
}

static void do_load(const struct words *w)
{
	long size;

	kprintf("load: waiting for XMODEM\n");
	size = xmodem_receive(w->number[0]);
	if (size < 0)
		report(FAIL, "load", "nothing came, or there is no memory");
	else
		kprintf("load: %ld bytes\n", size);
}

static void do_go(const struct words *w)
{
	uintptr_t result, fault = go(w->number[0], tree, &result);

	if (fault)
		tell_fault(fault, w->number[0]);
	else
		kprintf("go: returned %lx\n", (unsigned long)result);
}

static void do_hart(const struct words *w)
{
	(void)w;
	hart_report();
}

static void do_time(const struct words *w)
{
	(void)w;
	check_second();
}

static void do_interrupts(const struct words *w)
{
	(void)w;
	check_timer();
	check_doorbell();
}

static void do_echo(const struct words *w)
{
	check_echo(w->count ? w->number[0] : 10);
}

static size_t checked_size(void)
{
	uintptr_t end = board.ram + board.ram_size;
	size_t room = end - (uintptr_t)_end;

	return room / 2 < CHECKED ? room / 2 & -64ul : CHECKED;
}

static void do_checklist(const struct words *w)
{
	(void)w;
	report_failures();
	pass("console");
	check_hart();
	check_faults();
	check_timer();
	check_doorbell();
	check_memory(((uintptr_t)_end + 63) & -64ul, checked_size());
	kprintf("checklist: %u failed\n", report_failures());
}

static void do_quit(const struct words *w)
{
	board.poweroff(w->count ? w->number[0] : 0);
}

static const struct command {
	char name[4];
	uint8_t least;           // numbers that it needs
	uint8_t size;
	void (*run)(const struct words *w);
	const char *help;
} commands[] = {
	{ "r8", 1, 1, do_read, "AT [COUNT]  read; numbers are hexadecimal" },
	{ "r16", 1, 2, do_read, "AT [COUNT]" },
	{ "r32", 1, 4, do_read, "AT [COUNT]" },
	{ "r64", 1, 8, do_read, "AT [COUNT]" },
	{ "w8", 2, 1, do_write, "AT VALUE  write" },
	{ "w16", 2, 2, do_write, "AT VALUE" },
	{ "w32", 2, 4, do_write, "AT VALUE" },
	{ "w64", 2, 8, do_write, "AT VALUE" },
	{ "d", 1, 0, do_dump, "AT [SIZE]  dump" },
	{ "m", 2, 0, do_memory, "AT SIZE  test memory, destroying it" },
	{ "x", 1, 0, do_load, "AT  load by XMODEM-CRC" },
	{ "g", 1, 0, do_go, "AT  go: a0 = hart, a1 = device tree" },
	{ "h", 0, 0, do_hart, "what this hart is" },
	{ "t", 0, 0, do_time, "one second of mtime" },
	{ "i", 0, 0, do_interrupts, "timer and software interrupt" },
	{ "e", 0, 0, do_echo, "[SECONDS]  echo, until a dot" },
	{ "c", 0, 0, do_checklist, "the checklist" },
	{ "q", 0, 0, do_quit, "[STATUS]  power off" },
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static void help(void)
{
	for (unsigned i = 0; i < COMMANDS; i++)
		kprintf("%s %s\n", commands[i].name, commands[i].help);
}

static const struct command *command_named(const char *line, size_t length)
{
	for (unsigned i = 0; i < COMMANDS; i++)
		if (strlen(commands[i].name) == length &&
		    memcmp(commands[i].name, line, length) == 0)
			return &commands[i];
	return NULL;
}

static void obey(const char *line)
{
	const char *p = line;
	const struct command *command;
	struct words w = { .count = 0 };

	while (*p && *p != ' ')
		p++;
	command = command_named(line, p - line);
	while (w.count < 2 && number_read(&p, &w.number[w.count]))
		w.count++;
	while (*p == ' ')
		p++;
	if (!command || *p || w.count < command->least) {
		help();
		return;
	}
	w.size = command->size;
	command->run(&w);
}

void main(unsigned long hartid, uintptr_t fdt);
void main(unsigned long hartid, uintptr_t fdt)
{
	char line[80];

	tree = fdt;
	board_init(fdt);
	kprintf("Barefoot monitor on %s: hart %u, tree %lx, %lx..%lx free\n",
	        board.name, (unsigned)hartid, (unsigned long)tree,
	        (unsigned long)_end,
	        (unsigned long)(board.ram + board.ram_size));
	trap_init();
	clock_init();
	for (;;) {
		kprintf("> ");
		if (!line_read(line, sizeof line))
			board.poweroff(0);
		if (line[0])
			obey(line);
	}
}
