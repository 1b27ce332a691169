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

// What is stored: all but the room for wider floats.
#define FRAME_USED offsetof(struct user_frame, context.unused2)

static void fill_info(struct user_info *to, const struct siginfo *from)
{
	*to = (struct user_info){ .signal = from->signal,
		                  .code = from->code };
	if (from->address) {
		to->address = from->address;
		return;
	}
	to->pid = from->pid;
	to->status = from->status;
}

static void fill_context(struct user_context *to, struct process *thread, sigset blocked)
{
	struct signals *signals = signals_of(thread);
	struct trapframe *frame = &thread->frame;

	memset(to, 0, offsetof(struct user_context, regs));
	to->stack = signals->stack;
	to->stack_size = signals->stack_size;
	to->stack_flags = signals->stack_size ? 0 : 2;
	to->blocked = blocked;
	memcpy(to->regs, frame->regs, sizeof to->regs);
	to->regs[0] = frame->pc;
	if (frame->float_hart)
		float_store(frame);
	memcpy(to->fregs, frame->fregs, sizeof to->fregs);
	to->fcsr = frame->fcsr;
	to->pad2 = 0;
}

static uint64_t handler_stack(struct process *thread, const struct sigaction *action)
{
	struct signals *signals = signals_of(thread);
	uint64_t sp = thread->frame.regs[SP];

	if ((action->flags & SA_ONSTACK) &&
	    sp - signals->stack >= signals->stack_size && signals->stack_size)
		sp = signals->stack + signals->stack_size;
	return (sp - sizeof(struct user_frame)) & ~15ul;
}

int64_t handler_call(struct process *thread, const struct siginfo *info, const struct sigaction *action, sigset blocked)
{
	uint64_t at = handler_stack(thread, action);
	struct trapframe *frame = &thread->frame;
	struct user_frame user;

	fill_info(&user.info, info);
	fill_context(&user.context, thread, blocked);
	if (user_copy_out(thread, at, &user, FRAME_USED))
		return -EFAULT;
	frame->pc = action->handler;
	frame->regs[RA] = space_of(thread)->stack_top;   // the vdso's page
	frame->regs[SP] = at;
	frame->regs[A0] = info->signal;
	frame->regs[A1] = at + offsetof(struct user_frame, info);
	frame->regs[A2] = at + offsetof(struct user_frame, context);
	return 0;
}

// Whatever the user has written there: pc and registers may be anything, the
// status is not the user's to set.
static int64_t sys_rt_sigreturn(struct call *call)
{
	struct process *self = call->process;
	struct trapframe *frame = &self->frame;
	struct user_frame user;
	struct siginfo info = { .signal = SIGSEGV, .code = SI_KERNEL };

	if (user_copy_in(self, &user, frame->regs[SP], FRAME_USED)) {
		signal_send_thread(self, &info);
		return -EFAULT;
	}
	memcpy(frame->regs, user.context.regs, sizeof frame->regs);
	frame->pc = user.context.regs[0] & ~1ul;
	if (frame->float_hart) {
		float_forget(frame, false);
		memcpy(frame->fregs, user.context.fregs, sizeof frame->fregs);
		frame->fcsr = user.context.fcsr & 0xff;
	}
	signal_block(self, user.context.blocked);
	signal_notify(self);
	return frame->regs[A0];
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(139, rt_sigreturn, sys_rt_sigreturn, "none"),
};

void handler_init(void)
{
	SYSCALL_REGISTER(rows);
}
