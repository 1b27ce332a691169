#include "process/handler.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/space.h"
#include "process/deliver.h"
#include "process/float.h"
#include "process/user.h"

// Linux's rt_sigframe for riscv64 (arch/riscv/kernel/signal.c describes it).
struct user_info {               // siginfo_t, two ints in each word
	uint64_t signal;         // and error, 0
	uint64_t code;
	uint64_t source;         // pid, and uid, 0; or the address
	uint64_t status;
	uint64_t unused[12];
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

// It is short and known: unrolled, it is half as long.
static inline void words_copy(uint64_t *to, const uint64_t *from, int count)
{
#pragma GCC unroll 32
	for (int i = 0; i < count; i++)
		to[i] = from[i];
}

static inline void fill_info(struct user_info *to, const struct siginfo *from)
{
	to->signal = (uint32_t)from->signal;
	to->code = (uint32_t)from->code;
	to->source = from->address ? from->address : (uint32_t)from->pid;
	to->status = (uint32_t)from->status;
}

static inline void fill_context(struct user_context *to, struct process *thread, sigset blocked)
{
	struct signals *signals = signals_of(thread);
	struct trapframe *frame = &thread->frame;

	to->flags = to->link = 0;
	to->stack = signals->stack;
	to->stack_flags = signals->stack_size ? 0 : 2;
	to->stack_size = signals->stack_size;
	to->blocked = blocked;
	to->regs[0] = frame->pc;
	words_copy(to->regs + 1, frame->regs + 1, 31);
}

static void fill_floats(struct user_context *to, struct trapframe *frame)
{
	float_store(frame);
	memcpy(to->fregs, frame->fregs, sizeof to->fregs);
	to->fcsr = frame->fcsr;
	to->flags = FLAG_FLOATS;
}

// A handler that is on the other stack already goes on below where it is.  The
// room is always that of the frame with floats, so the place does not depend on
// them; sp must be a multiple of 16.  (RISC-V psABI, "Integer Calling
// Convention".)
static inline uint64_t handler_stack(struct process *thread, const struct sigaction *action)
{
	struct signals *signals = signals_of(thread);
	uint64_t sp = thread->frame.regs[SP];

	if ((action->flags & SA_ONSTACK) &&
	    sp - signals->stack >= signals->stack_size && signals->stack_size)
		sp = signals->stack + signals->stack_size;
	return (sp - sizeof(struct user_frame)) & ~15ul;
}

// Where the frame lies, if that is in one page, and one that was used lately.
static inline struct user_frame *frame_place(struct process *thread, uint64_t at, unsigned access)
{
	if ((at & PAGE_MASK) > PAGE_SIZE - SIZE_PLAIN)
		return NULL;
	return (void *)space_cached(space_of(thread), at, access);
}

// What is not filled is zero: it would else be the kernel's.
static int64_t store_slowly(struct process *thread, uint64_t at, const struct siginfo *info, sigset blocked)
{
	struct user_frame copy;
	size_t size = SIZE_PLAIN;

	memset(&copy, 0, sizeof copy);
	fill_info(&copy.info, info);
	fill_context(&copy.context, thread, blocked);
	if (thread->frame.float_hart) {
		fill_floats(&copy.context, &thread->frame);
		size = SIZE_FLOATS;
	}
	return user_copy_out(thread, at, &copy, size);
}

static __attribute__((noinline)) bool handler_reset(struct process *thread, int signal)
{
	static const struct sigaction by_default;

	action_set(thread, signal, &by_default);
	return true;
}

// The frame is stored; from here on nothing can fail.
static inline bool handler_begin(struct process *thread, uint64_t at, const struct siginfo *info, const struct sigaction *action)
{
	struct signals *signals = signals_of(thread);
	struct trapframe *frame = &thread->frame;
	sigset blocked = signals->blocked | action->mask;

	frame->pc = action->handler;
	frame->regs[RA] = space_of(thread)->stack_top;   // the vdso's page
	frame->regs[SP] = at;
	frame->regs[A0] = info->signal;
	frame->regs[A1] = at + offsetof(struct user_frame, info);
	frame->regs[A2] = at + offsetof(struct user_frame, context);
	signals->suspending = false;
	if (!(action->flags & SA_NODEFER))
		blocked |= sigset_of(info->signal);
	signal_block(thread, blocked);
	if (action->flags & SA_RESETHAND)
		return handler_reset(thread, info->signal);
	return true;
}

static inline sigset blocked_before(const struct signals *signals)
{
	return signals->suspending ? signals->suspended : signals->blocked;
}

// Nothing of the thread changes before the frame is stored: if it cannot be,
// the registers still tell where the thread was.
static __attribute__((noinline)) bool enter_slowly(struct process *thread, const struct siginfo *info, const struct sigaction *action)
{
	uint64_t at = handler_stack(thread, action);

	return !store_slowly(thread, at, info,
	                     blocked_before(signals_of(thread))) &&
	       handler_begin(thread, at, info, action);
}

// Most often the frame is written in place; what is not filled stays the
// user's.
bool handler_enter(struct process *thread, const struct siginfo *info, const struct sigaction *action)
{
	uint64_t at = handler_stack(thread, action);
	struct user_frame *user = frame_place(thread, at, USER_WRITE);

	if (user == NULL || thread->frame.float_hart)
		return enter_slowly(thread, info, action);
	fill_info(&user->info, info);
	fill_context(&user->context, thread,
	             blocked_before(signals_of(thread)));
	return handler_begin(thread, at, info, action);
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
static inline void handler_load(struct process *thread, const struct user_context *user)
{
	struct trapframe *frame = &thread->frame;

	frame->pc = user->regs[0] & ~1ul;
	words_copy(frame->regs + 1, user->regs + 1, 31);
	signal_block(thread, user->blocked);
}

static int64_t load_slowly(struct process *thread, uint64_t at)
{
	struct user_frame copy;

	if (user_copy_in(thread, &copy, at, SIZE_PLAIN))
		return -EFAULT;
	handler_load(thread, &copy.context);
	if (copy.context.flags & FLAG_FLOATS)
		return load_floats(thread, at);
	if (thread->frame.float_hart)    // the handler was the first with them
		float_forget(&thread->frame, true);
	return 0;
}

static __attribute__((noinline)) int64_t return_slowly(struct call *call)
{
	struct process *self = call->process;
	struct siginfo info = { .signal = SIGSEGV, .code = SI_KERNEL };

	if (load_slowly(self, self->frame.regs[SP]))
		signal_send_thread(self, &info);
	signal_notify(self);
	return future_return(call, REWRITTEN);
}

static __attribute__((noinline)) int64_t return_to_signal(struct call *call)
{
	signal_notify(call->process);
	return future_return(call, REWRITTEN);
}

// A signal that waits has its turn first; else the registers are as restored,
// a0 with them.
static int64_t sys_rt_sigreturn(struct call *call)
{
	struct process *self = call->process;
	uint64_t at = self->frame.regs[SP];
	struct user_frame *user = frame_place(self, at, USER_READ);

	if (user == NULL || at % 8 || self->frame.float_hart ||
	    user->context.flags & FLAG_FLOATS)
		return return_slowly(call);
	handler_load(self, &user->context);
	if (signals_of(self)->pending |
	    signals_of(family_leader(self))->group_pending)
		return return_to_signal(call);
	return REWRITTEN;
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(139, rt_sigreturn, sys_rt_sigreturn, "none"),
};

void handler_init(void)
{
	SYSCALL_REGISTER(rows);
}
