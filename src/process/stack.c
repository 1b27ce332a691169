#include "process/stack.h"
#include "files/random.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "machine/csr.h"
#include "memory/page.h"
#include "memory/space.h"
#include "process/elf.h"
#include "process/user.h"

// Keys of the auxiliary vector.
enum {
	AT_NULL = 0, AT_PHDR = 3, AT_PHENT = 4, AT_PHNUM = 5, AT_PAGESZ = 6,
	AT_BASE = 7, AT_FLAGS = 8, AT_ENTRY = 9, AT_UID = 11, AT_EUID = 12,
	AT_GID = 13, AT_EGID = 14, AT_HWCAP = 16, AT_CLKTCK = 17,
	AT_SECURE = 23, AT_RANDOM = 25, AT_EXECFN = 31,
};

#define RANDOM_SIZE 16
#define AUXILIARY 17             // pairs

// ---- gathering -------------------------------------------------------------

static size_t stack_room(const struct stack *stack)
{
	return (PAGE_SIZE << stack->order) - stack->used;
}

// Doubled, so that each byte is copied once more at most, on average; one
// block, for the strings go to the new stack in one piece.
static int stack_grow(struct stack *stack)
{
	char *block;

	if (PAGE_SIZE << stack->order >= STACK_STRINGS_MOST)
		return -E2BIG;
	block = page_alloc(stack->order + 1);
	if (block == NULL)
		return -ENOMEM;
	memcpy(block, stack->block, stack->used);
	page_put(stack->block);
	stack->block = block;
	stack->order++;
	return 0;
}

static int64_t stack_add(struct stack *stack, struct process *process, uint64_t string)
{
	int64_t n;

	while ((n = user_copy_string(process, stack->block + stack->used,
	                             string, stack_room(stack))) ==
	       -ENAMETOOLONG) {
		n = stack_grow(stack);
		if (n)
			return n;
	}
	if (n < 0)
		return n;
	stack->used += n + 1;
	return 0;
}

// The strings of one array; how many.
// Pointers count as well as strings, as they will lie on the stack: else empty
// strings would need eight times as much as they seem to.
static int64_t stack_add_all(struct stack *stack, struct process *process, uint64_t array)
{
	uint64_t string;
	int64_t count = 0, err;

	for (; array; array += sizeof string, count++) {
		err = user_copy_in(process, &string, array, sizeof string);
		if (err)
			return err;
		if (string == 0)
			break;
		if (stack->used + count * sizeof string > STACK_STRINGS_MOST)
			return -E2BIG;
		err = stack_add(stack, process, string);
		if (err)
			return err;
	}
	return count;
}

// The path lies in front of the arguments: AT_EXECFN points to it, and so no
// string needs a place of its own.
int64_t stack_gather(struct stack *stack, struct process *process, const char *path, uint64_t argv, uint64_t envp)
{
	int64_t n;

	stack->order = 0;
	stack->block = page_alloc(0);
	if (stack->block == NULL)
		return -ENOMEM;
	stack->used = stack->path_size = strnlen(path, PAGE_SIZE - 1) + 1;
	memcpy(stack->block, path, stack->used);
	n = stack_add_all(stack, process, argv);
	if (n < 0)
		return n;
	stack->arguments = n;
	n = stack_add_all(stack, process, envp);
	if (n < 0)
		return n;
	stack->variables = n;
	n = (stack->arguments + stack->variables) * sizeof(uint64_t);
	return stack->used + n > STACK_STRINGS_MOST ? -E2BIG : 0;
}

void stack_release(struct stack *stack)
{
	if (stack->block)
		page_put(stack->block);
	stack->block = NULL;
}

// ---- building --------------------------------------------------------------

// Words on their way to the new stack, a few at a time.
struct words {
	struct space *space;
	uint64_t at;             // where word[0] goes
	int64_t err;             // the first that happened
	unsigned count;
	uint64_t word[48];
};

// Errors are kept until the end, so that the code that lists the words has
// none.
static void words_flush(struct words *words)
{
	size_t size = words->count * sizeof words->word[0];

	if (!words->err)
		words->err = space_write(words->space, words->at, words->word,
		                         size);
	words->at += size;
	words->count = 0;
}

static void words_add(struct words *words, uint64_t word)
{
	if (words->count == sizeof words->word / sizeof words->word[0])
		words_flush(words);
	words->word[words->count++] = word;
}

static void words_add_pair(struct words *words, uint64_t key, uint64_t value)
{
	words_add(words, key);
	words_add(words, value);
}

// Pointers to `count` strings that follow each other in the block from
// `inside` on, whose address is base; returns where the next one starts.
static size_t words_add_strings(struct words *words, const struct stack *stack, uint64_t base, size_t inside, int count)
{
	for (int i = 0; i < count; i++) {
		words_add(words, base + inside);
		inside += strlen(stack->block + inside) + 1;
	}
	words_add(words, 0);
	return inside;
}

static void words_add_auxiliary(struct words *words, const struct elf_info *info, uint64_t random, uint64_t path)
{
	words_add_pair(words, AT_PHDR, info->phdr);
	words_add_pair(words, AT_PHENT, info->phentsize);
	words_add_pair(words, AT_PHNUM, info->phnum);
	words_add_pair(words, AT_PAGESZ, PAGE_SIZE);
	words_add_pair(words, AT_BASE, 0);
	words_add_pair(words, AT_FLAGS, 0);
	words_add_pair(words, AT_ENTRY, info->entry);
	words_add_pair(words, AT_UID, 0);
	words_add_pair(words, AT_EUID, 0);
	words_add_pair(words, AT_GID, 0);
	words_add_pair(words, AT_EGID, 0);
	// One bit per letter of the ISA, as misa has them.
	words_add_pair(words, AT_HWCAP,
	               csr_read(misa) & (MISA('I') | MISA('M') | MISA('A') |
	                                 MISA('F') | MISA('D') | MISA('C')));
	words_add_pair(words, AT_CLKTCK, 100);
	words_add_pair(words, AT_SECURE, 0);
	words_add_pair(words, AT_RANDOM, random);
	words_add_pair(words, AT_EXECFN, path);
	words_add_pair(words, AT_NULL, 0);
}

static size_t stack_words(const struct stack *stack)
{
	return 1 + stack->arguments + 1 + stack->variables + 1 + 2 * AUXILIARY;
}

size_t stack_need(const struct stack *stack)
{
	return 8 + stack->used + 8 + RANDOM_SIZE +
	       stack_words(stack) * sizeof(uint64_t) + 16;
}

// From the top: 8 bytes of zero, the strings, 16 random bytes, the words.
int64_t stack_build(struct stack *stack, struct space *space, const struct elf_info *info)
{
	uint64_t strings = (space->stack_top - 8 - stack->used) & ~7ul;
	uint64_t random = strings - RANDOM_SIZE;
	uint64_t count = stack_words(stack);
	struct words words = { .space = space };
	uint64_t bytes[RANDOM_SIZE / 8];
	int64_t err = space_write(space, strings, stack->block, stack->used);

	if (err)
		return err;
	random_bytes(bytes, sizeof bytes);
	err = space_write(space, random, bytes, sizeof bytes);
	if (err)
		return err;
	words.at = stack->pointer = (random - count * sizeof(uint64_t)) & ~15ul;
	words_add(&words, stack->arguments);
	space->args = strings + stack->path_size;
	space->args_end = strings + words_add_strings(&words, stack, strings,
	                                              stack->path_size,
	                                              stack->arguments);
	space->env_end = strings + words_add_strings(&words, stack, strings,
	                                             space->args_end - strings,
	                                             stack->variables);
	words_add_auxiliary(&words, info, random, strings);
	words_flush(&words);
	return words.err;
}
