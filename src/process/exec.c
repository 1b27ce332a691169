#include "process/exec.h"
#include "files/file.h"
#include "files/inode.h"
#include "files/path.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "memory/room.h"
#include "memory/space.h"
#include "process/elf.h"
#include "process/stack.h"
#include "process/vdso.h"
#include "process/wait.h"

#define SEGMENTS 16
#define PATH_SIZE 4096
#define STACK_USUAL (128ul << 10)

// What a call needs until it is done; all of it is let go when it waits, and
// found again when it is polled the next time.
struct exec {
	struct inode *inode;
	struct space *space;     // the new one
	struct home home;        // where the program lies in it
	struct elf_info info;
	struct elf_segment segment[SEGMENTS];
	int segments;
	struct stack stack;
	struct files *files;     // its own table of descriptors
	union {                  // one after the other
		char path[PATH_SIZE];
		char header[ELF_HEADER_SIZE];
		char phdrs[ELF_MAX_PHDRS * ELF_PHDR_SIZE];
	};
};

static int64_t exec_open(struct call *call, struct exec *exec)
{
	int64_t err = path_lookup(call->process, NULL, exec->path, 0,
	                          &exec->inode);

	if (err)
		return err;
	if (!inode_is(exec->inode, S_IFREG) || !(exec->inode->mode & 0111))
		return -EACCES;
	return 0;
}

// All of it, or -ENOEXEC.
static int64_t exec_read(struct exec *exec, uint64_t offset, void *to, size_t size)
{
	int64_t n = inode_read(exec->inode, offset, to, size);

	if (n < 0)
		return n;
	return (size_t)n == size ? 0 : -ENOEXEC;
}

// Position-independent programs would need relocations that only a dynamic
// linker, or they themselves, can do.  Without an MMU ours do.
static int64_t exec_check(struct exec *exec)
{
	struct elf_info *info = &exec->info;
	int64_t err = exec_read(exec, 0, exec->header, ELF_HEADER_SIZE);

	if (!err)
		err = elf_check_header(exec->header, ELF_HEADER_SIZE, info);
	if (!err && info->pie != room_moves)
		err = -ENOEXEC;
	if (!err)
		err = exec_read(exec, info->phoff, exec->phdrs,
		                info->phnum * ELF_PHDR_SIZE);
	if (err)
		return err;
	err = elf_check_segments(exec->phdrs, info, exec->inode->size,
	                         exec->segment, SEGMENTS);
	exec->segments = err;
	return err < 0 ? err : 0;
}

// ---- the new space ---------------------------------------------------------

static uint64_t page_up(uint64_t address)
{
	return (address + PAGE_MASK) & ~PAGE_MASK;
}

// The bytes of the file, then zeroes.
static int64_t exec_map(struct exec *exec, const struct elf_segment *s)
{
	uint64_t inside = s->vaddr & PAGE_MASK;
	uint64_t start = s->vaddr + exec->home.distance;
	struct area area = {
		.start = start - inside,
		.end = page_up(start + s->filesz),
		.access = (s->flags & ELF_R ? USER_READ : 0) |
		          (s->flags & ELF_W ? USER_WRITE : 0) |
		          (s->flags & ELF_X ? USER_EXECUTE : 0),
		.pager = &exec->inode->pager,
		.offset = s->offset - inside,
		.valid = inside + s->filesz,
	};
	uint64_t end = page_up(start + s->memsz);
	int64_t err = 0;

	if (s->filesz)
		err = space_add(exec->space, &area);
	else
		area.end = area.start;
	if (err || end <= area.end)
		return err;
	area = (struct area){ .start = area.end, .end = end,
		              .access = area.access };
	return space_add(exec->space, &area);
}

// Pages that two segments share are in the first one's area only.
static bool exec_overlaps(struct exec *exec)
{
	for (int i = 1; i < exec->segments; i++) {
		struct elf_segment *below = &exec->segment[i - 1];

		if (page_up(below->vaddr + below->memsz) >
		    (exec->segment[i].vaddr & ~PAGE_MASK))
			return true;
	}
	return false;
}

static int64_t exec_add_stack(struct exec *exec)
{
	struct area area = { .start = exec->home.stack,
		             .end = exec->home.stack_top,
		             .access = USER_READ | USER_WRITE };
	int64_t err = space_add(exec->space, &area);

	exec->space->stack_top = exec->home.stack_top;
	return err ? err : vdso_map(exec->space);
}

// What the file says of addresses, where the program lies.
static void exec_shift(struct elf_info *info, uint64_t distance)
{
	info->entry += distance;
	info->end += distance;
	if (info->phdr)
		info->phdr += distance;
}

// From the first area on the space may be let go of with space_put(), whatever
// has been made of it.
static int64_t exec_build(struct exec *exec)
{
	struct elf_info *info = &exec->info;
	struct space *space = space_new();
	int64_t err;

	exec->space = space;
	if (space == NULL)
		return -ENOMEM;
	if (exec_overlaps(exec))
		return -ENOEXEC;
	exec->home.stack_size = stack_need(&exec->stack) +
	                        (info->stack ? info->stack : STACK_USUAL);
	err = room_home(space, info->start, info->end, &exec->home);
	for (int i = 0; i < exec->segments && !err; i++)
		err = exec_map(exec, &exec->segment[i]);
	exec_shift(info, exec->home.distance);
	space->brk_start = space->brk = page_up(info->end);
	return err ? err : exec_add_stack(exec);
}

// ---- the call --------------------------------------------------------------

static int64_t exec_prepare(struct call *call, struct exec *exec)
{
	int64_t err = user_copy_string(call->process, exec->path, call->arg[0],
	                               PATH_SIZE);

	if (err < 0)
		return err;
	if (err == 0)
		return -ENOENT;
	err = exec_open(call, exec);
	if (!err)
		err = stack_gather(&exec->stack, call->process, exec->path,
		                   call->arg[1], call->arg[2]);
	if (!err)
		err = exec_check(exec);
	if (!err)
		err = exec_build(exec);
	if (!err)
		err = stack_build(&exec->stack, exec->space, &exec->info);
	if (!err)
		err = file_unshare_prepare(call->process, &exec->files);
	return err;
}

static struct process *exec_caller(struct process *caller)
{
	return caller;
}

struct process *(*exec_survivor)(struct process *) = exec_caller;

// The parts first, in the old space, whose futures and flights may still store
// something there; then the space; then the registers, which the parts cleared.
static void exec_commit(struct process *caller, struct exec *exec)
{
	struct process *process = exec_survivor(caller);
	const char *path = exec->stack.block;    // it begins with that
	const char *name = strrchr(path, '/');

	file_unshare(process, &exec->files);
	process_exec(process, name ? name + 1 : path);
	space_enter(process, exec->space);
	process->frame.pc = exec->info.entry;
	process->frame.regs[SP] = exec->stack.pointer;
	exec->space = NULL;
}

static void exec_release(struct exec *exec)
{
	stack_release(&exec->stack);
	if (exec->files)
		files_put(exec->files);
	if (exec->space)
		space_put(exec->space);
	if (exec->inode)
		inode_put(exec->inode);
	page_put(exec);
}

// Nothing of the old program is touched before exec_prepare() has succeeded:
// who calls finds everything as it was, or is gone.
static int64_t sys_execve(struct call *call)
{
	struct exec *exec = page_alloc(1);
	int64_t err;

	_Static_assert(sizeof *exec <= 2 * PAGE_SIZE, "two frames");
	if (exec == NULL)
		return -ENOMEM;
	exec->inode = NULL;
	exec->space = NULL;
	exec->files = NULL;
	exec->stack.block = NULL;
	err = exec_prepare(call, exec);
	if (!err)
		exec_commit(call->process, exec);
	exec_release(exec);
	// A signal must not come between: its handler would be the old
	// program's, and the next poll may be the one that succeeds.
	if (err == PENDING)
		future_of(call)->deaf = true;
	return err ? err : REWRITTEN;
}

static const struct syscall rows[] = {
	SYSCALL_ALONE(221, execve, sys_execve, "path ptr? ptr?"),
};

void exec_init(void)
{
	SYSCALL_REGISTER(rows);
}
