// What a program finds on its stack: argc, argv, envp, the auxiliary vector
// and the strings.  (RISC-V ELF psABI; System V ABI, "Process Initialization".)
#pragma once
#include "process/process.h"
#include <stddef.h>
#include <stdint.h>

struct elf_info;
struct space;

#define STACK_STRINGS_MOST (128ul << 10) // strings and pointers together

struct stack {
	char *block;             // the strings: path, arguments, environment
	unsigned order;          // of the block, in frames
	size_t used;             // bytes
	size_t path_size;        // with its NUL
	int arguments, variables;
	uint64_t pointer;        // sp at the program's entry
};

// Copies the strings from the process that asks; argv and envp are addresses
// of arrays of pointers that end with NULL, or 0.  0, -E2BIG, -EFAULT,
// -ENOMEM or PENDING; stack_release() is needed in any case.
int64_t stack_gather(struct stack *stack, struct process *process, const char *path, uint64_t argv, uint64_t envp);

// Bytes that stack_build() will take.
size_t stack_need(const struct stack *stack);

// Lays it all out at the top of the new space's stack.  0 or -ENOMEM.
int64_t stack_build(struct stack *stack, struct space *space, const struct elf_info *info);

void stack_release(struct stack *stack);
