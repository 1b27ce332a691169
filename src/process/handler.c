#include "process/handler.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/space.h"
#include "process/deliver.h"
#include "process/float.h"
#include "process/user.h"

// Linux's rt_sigframe for riscv64 (arch/riscv/kernel/signal.c describes it).
struct user_info {               // siginfo_t
	int signal, error, code, pad;
	union {
		struct {
			int pid, uid, status, pad2;
		};
		uint64_t address;
		uint64_t size[14];
	};
};

struct user_context {            // ucontext_t
	uint64_t flags, link;
	uint64_t stack;
	int stack_flags, pad;
	uint64_t stack_size;
	sigset blocked;
	uint64_t unused[16];
	uint64_t regs[32];       // pc in the place of x0
	uint64_t fregs[32];
	uint32_t fcsr, pad2;
	uint64_t unused2[33];    // room for 128-bit floats
};

struct user_frame {
	struct user_info info;
	struct user_context context;
};
_Static_assert(sizeof(struct user_frame) == 1088, "as Linux lays it out");

// What is stored: all but the room for wider floats, and no floats at all for a
// thread that has never used one; flags says which.
#define FLAG_FLOATS 1
#define SIZE_PLAIN  offsetof(struct user_frame, context.fregs)
#define SIZE_FLOATS offsetof(struct user_frame, context.unused2)

// Both loops are short and known: unrolled, they are half as long.
static inline void words_zero(uint64_t *to, int count)
{
#pragma GCC unroll 16
	for (int i = 0; i < count; i++)
		to[i] = 0;
}

static inline void words_copy(uint64_t *to, const uint64_t *from, int count)
{
#pragma GCC unroll 32
	for (int i = 0; i < count; i++)
		to[i] = from[i];
}

static void fill_info(struct user_info *to, const struct siginfo *from)
{
	words_zero(to->size, 14);
	to->signal = from->signal;
	to->error = 0;
	to->code = from->code;
	to->pad = 0;
	if (from->address) {
		to->address = from->address;
		return;
	}
	to->pid = from->pid;
	to->status = from->status;
}

static void fill_floats(struct user_context *to, struct trapframe *frame)
{
	float_store(frame);
	memcpy(to->fregs, frame->fregs, sizeof to->fregs);
	to->fcsr = frame->fcsr;
	to->pad2 = 0;
	to->flags = FLAG_FLOATS;
}

static void fill_context(struct user_context *to, struct process *thread, sigset blocked)
{
	struct signals *signals = signals_of(thread);
	struct trapframe *frame = &thread->frame;

	to->flags = to->link = 0;
	to->stack = signals->stack;
	to->stack_flags = signals->stack_size ? 0 : 2;
	to->pad = 0;
	to->stack_size = signals->stack_size;
	to->blocked = blocked;
	words_zero(to->unused, 16);
	words_copy(to->regs, frame->regs, 32);
	to->regs[0] = frame->pc;
	if (frame->float_hart)
		fill_floats(to, frame);
}

// A handler that is on the other stack already goes on below where it is.  The
// room is always that of the frame with floats, so the place does not depend on
// them; sp must be a multiple of 16.  (RISC-V psABI, "Integer Calling
// Convention".)
static uint64_t handler_stack(struct process *thread, const struct sigaction *action)
{
	struct signals *signals = signals_of(thread);
	uint64_t sp = thread->frame.regs[SP];

	if ((action->flags & SA_ONSTACK) &&
	    sp - signals->stack >= signals->stack_size && signals->stack_size)
		sp = signals->stack + signals->stack_size;
	return (sp - sizeof(struct user_frame)) & ~15ul;
}

// Most often the frame lies in one page and is written in place.
static int64_t handler_store(struct process *thread, uint64_t at, const struct siginfo *info, sigset blocked)
{
	size_t size = thread->frame.float_hart ? SIZE_FLOATS : SIZE_PLAIN, room;
	struct user_frame copy, *user = &copy;
	void *place;

	if (user_translate(thread, at, USER_WRITE, &place, &room))
		return -EFAULT;
	if (room >= size)
		user = place;
	fill_info(&user->info, info);
	fill_context(&user->context, thread, blocked);
	return user == &copy ? user_copy_out(thread, at, &copy, size) : 0;
}

// Nothing of the thread changes before the frame is stored: if it cannot be,
// the registers still tell where the thread was.
int64_t handler_call(struct process *thread, const struct siginfo *info, const struct sigaction *action, sigset blocked)
{
	uint64_t at = handler_stack(thread, action);
	struct trapframe *frame = &thread->frame;

	if (handler_store(thread, at, info, blocked))
		return -EFAULT;
	frame->pc = action->handler;
	frame->regs[RA] = space_of(thread)->stack_top;   // the vdso's page
	frame->regs[SP] = at;
	frame->regs[A0] = info->signal;
	frame->regs[A1] = at + offsetof(struct user_frame, info);
	frame->regs[A2] = at + offsetof(struct user_frame, context);
	return 0;
}

// The hart's copy is forgotten first, or it would win over what is read here.
static int64_t load_floats(struct process *thread, uint64_t at)
{
	struct trapframe *frame = &thread->frame;
	struct user_context *user =
		(void *)(at + offsetof(struct user_frame, context));
	uint32_t fcsr;

	float_forget(frame, false);
	if (user_copy_in(thread, &fcsr, (uintptr_t)&user->fcsr, 4))
		return -EFAULT;
	frame->fcsr = fcsr & 0xff;
	float_adopt(frame);
	return user_copy_in(thread, frame->fregs, (uintptr_t)user->fregs,
	                    sizeof frame->fregs);
}

// Whatever the user has written there: pc and registers may be anything, the
// status is not the user's to set.
static int64_t handler_return(struct process *thread, uint64_t at)
{
	struct trapframe *frame = &thread->frame;
	struct user_frame copy, *user = &copy;
	void *place;
	size_t room;

	if (user_translate(thread, at, USER_READ, &place, &room))
		return -EFAULT;
	if (room >= SIZE_PLAIN)
		user = place;
	else if (user_copy_in(thread, &copy, at, SIZE_PLAIN))
		return -EFAULT;
	words_copy(frame->regs, user->context.regs, 32);
	frame->pc = user->context.regs[0] & ~1ul;
	signal_block(thread, user->context.blocked);
	if (user->context.flags & FLAG_FLOATS)
		return load_floats(thread, at);
	if (frame->float_hart)           // the handler was the first with them
		float_forget(frame, true);
	return 0;
}

// A signal that waits has its turn first; else the registers are as restored,
// a0 with them.
static int64_t sys_rt_sigreturn(struct call *call)
{
	struct process *self = call->process;
	struct siginfo info = { .signal = SIGSEGV, .code = SI_KERNEL };

	if (handler_return(self, self->frame.regs[SP]))
		signal_send_thread(self, &info);
	if (!(signals_of(self)->pending |
	      signals_of(family_leader(self))->group_pending))
		return REWRITTEN;
	signal_notify(self);
	return future_return(call, REWRITTEN);
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(139, rt_sigreturn, sys_rt_sigreturn, "none"),
};

void handler_init(void)
{
	SYSCALL_REGISTER(rows);
}
