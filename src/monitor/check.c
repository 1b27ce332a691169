// Tests of the board, each of which ends in one line that says what it found.
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "machine/csr.h"
#include "machine/trap.h"
#include "monitor/monitor.h"

#define DOTS 16                  // of progress, for a pass over memory
#define PATIENCE 10000000        // looks at mtime

static unsigned failures;

void report(enum verdict verdict, const char *name, const char *why, ...)
{
	static const char words[][5] = { "FAIL", "SKIP" };
	va_list args;

	failures += verdict == FAIL;
	kprintf("%s %s: ", words[verdict], name);
	va_start(args, why);
	vkprintf(why, args);
	va_end(args);
	kprintf("\n");
}

void pass(const char *name)
{
	kprintf("PASS %s\n", name);
}

unsigned report_failures(void)
{
	unsigned n = failures;

	failures = 0;
	return n;
}

// ---- memory ----

typedef uintptr_t (*pattern)(uintptr_t at);

static uintptr_t own_address(uintptr_t at)
{
	return at;
}

static uintptr_t complement(uintptr_t at)
{
	return ~at;
}

// Depends on the address alone, so nothing has to be remembered.
static uintptr_t scrambled(uintptr_t at)
{
	uintptr_t x = at * 2654435761u + 12345;

	x ^= x >> 13;
	x *= 2246822519u;
	return x ^ x >> 16;
}

struct span {
	uintptr_t at;
	size_t size;
	pattern value;
	bool look;               // else fill
	uintptr_t bad;           // the first that is wrong
};

static uintptr_t span_pass(uintptr_t argument)
{
	struct span *s = (void *)argument;
	size_t step = s->size / DOTS + 1, dot = 0;

	for (size_t i = 0; i < s->size; i += sizeof(uintptr_t)) {
		volatile uintptr_t *word = (void *)(s->at + i);

		s->bad = (uintptr_t)word;
		if (i >= dot) {
			kprintf(".");
			dot += step;
		}
		if (!s->look)
			*word = s->value((uintptr_t)word);
		else if (*word != s->value((uintptr_t)word))
			return 1;
	}
	return 0;
}

// One bit of the data bus after the other, then one of the address bus.
static uintptr_t walk_bits(uintptr_t argument)
{
	struct span *s = (void *)argument;
	volatile uintptr_t *first = (void *)s->at;

	s->bad = s->at;
	for (uintptr_t bit = 1; bit; bit <<= 1) {
		*first = bit;
		if (*first != bit)
			return 1;
		*first = ~bit;
		if (*first != ~bit)
			return 1;
	}
	return 0;
}

// Each place whose offset is a power of two is set, one at a time, and no other
// may change with it: two lines of the address bus that touch would show.
static uintptr_t walk_addresses(uintptr_t argument)
{
	struct span *s = (void *)argument;
	const size_t word = sizeof(uintptr_t);
	volatile uintptr_t *first = (void *)s->at;

	*first = 0;
	for (size_t i = word; i < s->size; i <<= 1)
		first[i / word] = 0;
	for (size_t i = word; i < s->size; i <<= 1) {
		first[i / word] = ~(uintptr_t)0;
		for (size_t j = word; j < s->size; j <<= 1) {
			s->bad = s->at + j;
			if (first[j / word] != (i == j ? ~(uintptr_t)0 : 0))
				return 1;
		}
		s->bad = s->at;
		if (*first)
			return 1;
		first[i / word] = 0;
	}
	return 0;
}

static void check_pass(const char *name, struct span *s, uintptr_t (*run)(uintptr_t))
{
	uintptr_t wrong = 0;
	uintptr_t fault = trap_try(run, (uintptr_t)s, &wrong);

	if (s->value)
		kprintf("\n");
	if (fault)
		report(FAIL, name, "%s at %lx", trap_cause_name(fault - 1),
		       (unsigned long)s->bad);
	else if (wrong)
		report(FAIL, name, "wrong at %lx", (unsigned long)s->bad);
	else if (!s->value || s->look)
		pass(name);
}

void check_memory(uintptr_t at, size_t size)
{
	static const struct {
		const char *name;
		pattern value;
	} passes[] = {
		{ "memory-address", own_address },
		{ "memory-complement", complement },
		{ "memory-random", scrambled },
	};
	struct span s = { .at = at & -sizeof(uintptr_t), .size = size };

	kprintf("memory: %lx..%lx\n", (unsigned long)s.at,
	        (unsigned long)(s.at + size));
	if (size == 0 || is_ours(s.at, size)) {
		report(SKIP, "memory", "the monitor lies there");
		return;
	}
	check_pass("memory-data-bus", &s, walk_bits);
	check_pass("memory-address-bus", &s, walk_addresses);
	for (unsigned i = 0; i < sizeof passes / sizeof passes[0]; i++) {
		s.value = passes[i].value;
		for (int look = 0; look < 2; look++) {
			s.look = look;
			check_pass(passes[i].name, &s, span_pass);
		}
	}
}

// ---- time and interrupts ----

// Whoever listens has a clock of his own: both lines together tell whether
// mtime runs at the frequency that the board's file says.
void check_second(void)
{
	uint64_t begin = clint_now(), before = begin;
	unsigned patience = PATIENCE;

	kprintf("second: begins\n");
	while (before - begin < board.timebase && patience) {
		uint64_t now = clint_now();

		patience = now == before ? patience - 1 : PATIENCE;
		before = now;
	}
	kprintf("second: ends\n");
}

// An interrupt inside trap_try() ends it like a fault.
static uintptr_t wait_for(uintptr_t interrupt)
{
	uint64_t begin = clint_now();
	unsigned patience = PATIENCE;    // mtime may stand still

	if (interrupt == INTERRUPT_TIMER)
		clint_arm(begin + board.timebase / 1000);
	else
		clint_ring(csr_read(mhartid));
	csr_write(mie, 1u << interrupt);
	csr_set(mstatus, MSTATUS_MIE);
	while (clint_now() - begin < board.timebase && patience--)
		;
	csr_clear(mstatus, MSTATUS_MIE);
	return 0;
}

static void check_interrupt(const char *name, unsigned interrupt)
{
	uint64_t begin = clint_now(), took;
	uintptr_t result;
	uintptr_t fault = trap_try(wait_for, interrupt, &result);

	took = clint_now() - begin;
	csr_write(mie, 0);
	clint_arm(CLINT_NEVER);
	clint_answer();
	if (fault == 0)
		report(FAIL, name, "none came within a second");
	else if (fault - 1 != (CAUSE_INTERRUPT | interrupt))
		report(FAIL, name, "%s instead", trap_cause_name(fault - 1));
	else if (interrupt == INTERRUPT_TIMER && took < board.timebase / 1000)
		report(FAIL, name, "it came early");
	else
		pass(name);
}

void check_timer(void)
{
	uint64_t before = clint_now();

	for (int i = 0; i < 1000000 && clint_now() == before; i++)
		;
	if (clint_now() == before)
		report(FAIL, "mtime", "it stands still");
	else
		pass("mtime");
	check_interrupt("timer-interrupt", INTERRUPT_TIMER);
}

void check_doorbell(void)
{
	check_interrupt("software-interrupt", INTERRUPT_SOFTWARE);
}

// ---- the rest ----

// Nothing lies at 0 on most boards, and nothing at the top on any.
void check_faults(void)
{
	uint64_t value;
	uintptr_t fault = peek(-(uintptr_t)4096, 4, &value);

	if (fault)
		pass("fault-caught");
	else
		report(SKIP, "fault-caught", "there is something at -4096");
}

void check_hart(void)
{
	unsigned entries = hart_pmp_entries();
	uintptr_t misa;

	if (csr_peek(0x301, &misa) || misa == 0)
		report(SKIP, "misa", "it does not say");
	else if (misa & MISA('U'))
		pass("misa");
	else
		report(FAIL, "misa", "there is no user mode");
	if (entries)
		pass("pmp");
	else
		report(SKIP, "pmp", "this hart has none");
}

// Sends back what comes, and says when the line was held low for longer than a
// byte takes.
void check_echo(unsigned seconds)
{
	uint64_t begin = clint_now();
	unsigned heard = 0;

	while (clint_now() - begin < (uint64_t)seconds * board.timebase) {
		int c;

		if (board.broken && board.broken()) {
			kprintf("break\n");
			heard++;
		}
		c = board.getc();
		if (c < 0)
			continue;
		board.putc(c);
		heard++;
		if (c == '.')
			break;
	}
	kprintf("\n");
	if (heard)
		pass("echo");
	else
		report(SKIP, "echo", "nobody typed");
}
