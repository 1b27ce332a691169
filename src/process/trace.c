#include "process/trace.h"
#include "lib/print.h"
#include "lib/string.h"
#include "machine/board.h"
#include "machine/csr.h"
#include "memory/page.h"
#include "process/process.h"

#define CAUSES 16

enum trace_kind { TRAP, RUN, WAIT, WAKE, IDLE, NAME, END };

struct trace_event {
	uint64_t time;
	int pid;
	enum trace_kind kind;
	union {
		uint64_t values[2];
		char name[PROCESS_NAME];
	};
};

// count goes on for ever; the event lies at its remainder.
static struct trace_ring {
	struct trace_event *events; // NULL: no such hart
	uint64_t count;
} rings[BOARD_HARTS];

static uint64_t room;            // events per ring
static trap_handler exceptions[CAUSES], interrupts[CAUSES];
static void (*arm)(struct hart *hart, bool idle);
static void (*poweroff)(int status);

// Of a process: what was said of it last.
struct trace {
	bool waits;
	bool named;
};

static void trace_exec(struct process *process);
static void trace_exit(struct process *process);

static struct process_part trace_part = {
	.size = sizeof(struct trace), .exec = trace_exec, .exit = trace_exit,
};

static struct trace *trace_of(struct process *process)
{
	return process_part(process, &trace_part);
}

static struct trace_event *trace_add(enum trace_kind kind, int pid, uint64_t a, uint64_t b)
{
	struct trace_ring *ring = &rings[this_hart()->id];
	struct trace_event *event = &ring->events[ring->count++ % room];

	*event = (struct trace_event){
		csr_read(minstret), pid, kind, { { a, b } },
	};
	return event;
}

static void trace_exec(struct process *process)
{
	trace_of(process)->named = false;
}

static void trace_exit(struct process *process)
{
	trace_add(END, process->pid, 0, 0);
}

// ---- around a pass ----------------------------------------------------------

static void trace_compare(struct process *process, int by)
{
	struct trace *trace = trace_of(process);
	bool waits = !process->task.queued && !sched_runner(&process->task);

	if (process->ended || waits == trace->waits)
		return;
	trace->waits = waits;
	trace_add(waits ? WAIT : WAKE, process->pid, waits ? 0 : by, 0);
}

// Who waits now and did not, and who waited and does not.  Looking at all of
// them spares the ways on which they are woken a question.
static void trace_look(int by)
{
	LIST_EACH(node, &processes)
		trace_compare(container_of(node, struct process, all), by);
}

static void trace_run(struct trapframe *frame)
{
	intptr_t at = (intptr_t)frame;   // negative: trap_same()
	struct process *process = (struct process *)(at < 0 ? -at : at);

	if (!trace_of(process)->named) {
		memcpy(trace_add(NAME, process->pid, 0, 0)->name, process->name,
		       PROCESS_NAME);
		trace_of(process)->named = true;
	}
	trace_add(RUN, process->pid, process->frame.pc, 0);
}

// frame is NULL when the hart was idle.  The process may be gone afterwards.
static struct trapframe *trace_pass(struct trapframe *frame, unsigned long cause, trap_handler handler)
{
	int pid = frame ? process_of(frame)->pid : 0;
	uint64_t value = cause == CAUSE_ECALL_U ? frame->regs[A7]
	                                        : csr_read(mtval);

	trace_add(TRAP, pid, cause, value);
	frame = handler(frame, cause);
	trace_look(pid);
	if (frame)
		trace_run(frame);
	return frame;
}

static struct trapframe *trace_exception(struct trapframe *frame, unsigned long cause)
{
	return trace_pass(frame, cause, exceptions[cause]);
}

static struct trapframe *trace_interrupt(struct trapframe *frame, unsigned long cause)
{
	return trace_pass(frame, cause, interrupts[cause % CAUSES]);
}

static void trace_arm(struct hart *hart, bool idle)
{
	if (idle) {
		trace_look(0);
		trace_add(IDLE, 0, 0, 0);
	}
	arm(hart, idle);
}

// ---- on and off -------------------------------------------------------------

static void trace_print(unsigned hart, const struct trace_event *event)
{
	const uint64_t *values = event->values;

	kprintf("trace %lu %u ", event->time, hart);
	switch (event->kind) {
	case TRAP:
		kprintf("trap %d %lx %lx\n", event->pid, values[0], values[1]);
		break;
	case RUN:
		kprintf("run %d %lx\n", event->pid, values[0]);
		break;
	case WAIT:
		kprintf("wait %d\n", event->pid);
		break;
	case WAKE:
		kprintf("wake %d %lu\n", event->pid, values[0]);
		break;
	case IDLE:
		kprintf("idle\n");
		break;
	case NAME:
		kprintf("name %d %s\n", event->pid, event->name);
		break;
	case END:
		kprintf("end %d\n", event->pid);
		break;
	}
}

static void trace_poweroff(int status)
{
	kprintf("\n");
	for (unsigned i = 0; i < BOARD_HARTS; i++) {
		struct trace_ring *ring = &rings[i];
		uint64_t n = ring->count > room ? ring->count - room : 0;

		for (; ring->events && n < ring->count; n++)
			trace_print(i, &ring->events[n % room]);
	}
	poweroff(status);
}

// Memory for the rings, of `room` events each.
static bool trace_allocate(void)
{
	unsigned order = 0;

	while (order < PAGE_MAX_ORDER &&
	       PAGE_SIZE << order < room * sizeof(struct trace_event))
		order++;
	if (PAGE_SIZE << order < room * sizeof(struct trace_event))
		room = (PAGE_SIZE << order) / sizeof(struct trace_event);
	for (unsigned i = 0; i < board.harts; i++) {
		rings[board_hart(i)].events = page_alloc(order);
		if (rings[board_hart(i)].events == NULL)
			return false;
	}
	return true;
}

void trace_init(void)
{
	unsigned long enabled = csr_read(mie);
	size_t length;
	const char *digits = board_arg("trace", &length);

	while (digits && length-- && *digits >= '0' && *digits <= '9')
		room = room * 10 + *digits++ - '0';
	if (room == 0)
		return;
	if (!trace_allocate()) {
		kprintf("trace: no memory for it\n");
		return;
	}
	process_register(&trace_part);
	for (unsigned i = 0; i < CAUSES; i++) {
		exceptions[i] = trap_on_exception(i, trace_exception);
		if (enabled & 1ul << i)
			interrupts[i] = trap_on_interrupt(i, trace_interrupt);
	}
	arm = sched_arm;
	sched_arm = trace_arm;
	poweroff = board.poweroff;
	board.poweroff = trace_poweroff;
}
