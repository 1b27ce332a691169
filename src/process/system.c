#include "process/system.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/clock.h"
#include "memory/page.h"
#include "memory/shortage.h"
#include "memory/space.h"
#include "process/family.h"
#include "process/halt.h"

// struct utsname.  The release is that of the Linux whose system calls these
// are: C libraries refuse to run on an old one.
static const char names[6][65] = {
	"Barefoot", "barefoot", "6.1.0", "#1 Barefoot", "riscv64", "(none)",
};

static int64_t sys_uname(struct call *call)
{
	return user_copy_out(call->process, call->arg[0], names, sizeof names);
}

// struct sysinfo on 64 bits: 112 bytes.
struct sysinfo {
	int64_t uptime;
	uint64_t loads[3];
	uint64_t total, free, shared, buffers, total_swap, free_swap;
	uint16_t processes, pad[3];
	uint64_t total_high, free_high;
	uint32_t unit, pad2;
};

static int64_t sys_sysinfo(struct call *call)
{
	struct sysinfo info = {
		.uptime = clock_monotonic() / NANOSECONDS,
		.total = page_total() * PAGE_SIZE,
		.free = memory_free() * PAGE_SIZE,
		.processes = process_count,
		.unit = 1,
	};

	return user_copy_out(call->process, call->arg[0], &info, sizeof info);
}

// ---- limits ----------------------------------------------------------------

#define RLIMIT_STACK   3
#define RLIMIT_NOFILE  7
#define RLIMITS        16
#define OPEN_MOST      1024
#define STACK_MOST     (8ul << 20)
#define STACK_LEAST    (64ul << 10)

struct limit {
	uint64_t soft, hard;
};

// What is not limited says so; programs ask to know, and set what they like.
static struct limit limit_of(struct process *process, uint64_t resource)
{
	struct space *space = space_of(process);

	if (resource == RLIMIT_STACK)
		return (struct limit){ space->stack_limit, STACK_MOST };
	if (resource == RLIMIT_NOFILE)
		return (struct limit){ OPEN_MOST, OPEN_MOST };
	return (struct limit){ UINT64_MAX, UINT64_MAX };
}

// Only the stack's limit can be changed, below what is set aside for it.
static int64_t limit_set(struct process *process, uint64_t resource, uint64_t from)
{
	struct limit new;
	int64_t err = user_copy_in(process, &new, from, sizeof new);

	if (err)
		return err;
	if (new.soft > new.hard)
		return -EINVAL;
	if (resource != RLIMIT_STACK)
		return 0;
	if (new.soft < STACK_LEAST)
		return -EINVAL;
	space_of(process)->stack_limit =
		new.soft < STACK_MOST ? new.soft : STACK_MOST;
	return 0;
}

// Those of other processes are not told: with one user there is no need.
static int64_t sys_prlimit64(struct call *call)
{
	struct process *self = call->process;
	int pid = call->arg[0];
	struct limit old;
	int64_t err = 0;

	if (call->arg[1] >= RLIMITS)
		return -EINVAL;
	if (pid && pid != self->tgid && pid != self->pid)
		return process_find(pid) ? -EPERM : -ESRCH;
	old = limit_of(self, call->arg[1]);
	if (call->arg[3])
		err = user_prepare(self, call->arg[3], sizeof old, USER_WRITE);
	if (!err && call->arg[2])
		err = limit_set(self, call->arg[1], call->arg[2]);
	if (!err && call->arg[3])
		err = user_copy_out(self, call->arg[3], &old, sizeof old);
	return err;
}

// There is one user, and it may do everything.
static int64_t sys_getid(struct call *call)
{
	(void)call;
	return 0;
}

// ---- the end of everything -------------------------------------------------

#define REBOOT_MAGIC1    0xfee1dead
#define REBOOT_CAD_OFF   0x00000000
#define REBOOT_CAD_ON    0x89abcdef
#define REBOOT_HALT      0xcdef0123
#define REBOOT_POWER_OFF 0x4321fedc

static bool reboot_magic2(uint32_t magic)
{
	return magic == 672274793 || magic == 85072278 ||
	       magic == 369367448 || magic == 537993216;
}

// The magic numbers are Linux's guard against a call by mistake.
static int64_t sys_reboot(struct call *call)
{
	uint32_t command = call->arg[2];

	if ((uint32_t)call->arg[0] != REBOOT_MAGIC1 ||
	    !reboot_magic2(call->arg[1]))
		return -EINVAL;
	if (command == REBOOT_CAD_ON || command == REBOOT_CAD_OFF)
		return 0;
	if (command != REBOOT_HALT && command != REBOOT_POWER_OFF)
		return -EINVAL;
	halt(0);
	return future_pause(future_of(call)); // until it is killed
}

static const struct syscall rows[] = {
	SYSCALL(142, reboot, sys_reboot, "int int int str?"),
	SYSCALL(160, uname, sys_uname, "out:390"),
	SYSCALL(174, getuid, sys_getid, "none"),
	SYSCALL(175, geteuid, sys_getid, "none"),
	SYSCALL(176, getgid, sys_getid, "none"),
	SYSCALL(177, getegid, sys_getid, "none"),
	SYSCALL(179, sysinfo, sys_sysinfo, "out:112"),
	SYSCALL(261, prlimit64, sys_prlimit64, "int int in:16? out:16?"),
};

void system_init(void)
{
	SYSCALL_REGISTER(rows);
}
