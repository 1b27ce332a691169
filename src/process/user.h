// The one way to a process's memory: addresses are checked and translated in
// software, a piece at a time.  (MPRV is the tempting wrong way: see DESIGN.)
#pragma once
#include "process/process.h"
#include <stddef.h>
#include <stdint.h>

enum user_access {
	USER_READ = 1,
	USER_WRITE = 2,
	USER_EXECUTE = 4,
};

// Where a process's address lies in memory.  *at gets the kernel address and
// *room the bytes that follow it in one piece; a page that is not there yet is
// made.  0, -EFAULT, -ENOMEM, or PENDING.  Valid until the pass ends.
typedef int64_t (*user_translator)(struct process *process, uint64_t address, unsigned access, void **at, size_t *room);

// On this floor memory is what it is: the process may use [user_start,
// user_end), and read its text besides; its addresses are the kernel's.  Floor
// 8 replaces it.
extern user_translator user_translate;
extern uint64_t user_start, user_end, user_text, user_text_end;

// Without the kernel lock: stores what fits into one page that is there and may
// be written; else false, and nothing was.  NULL: no floor can.
extern bool (*user_store_free)(struct process *process, uint64_t to, const void *from, size_t size);

// Prepare: makes sure that all of [address, address + size) can be used so.
// 0, -EFAULT, -ENOMEM, or PENDING.
int64_t user_prepare(struct process *process, uint64_t address, size_t size, unsigned access);

// Copies all, or nothing: 0, -EFAULT, -ENOMEM, or PENDING.
int64_t user_copy_in(struct process *process, void *to, uint64_t from, size_t size);
int64_t user_copy_out(struct process *process, uint64_t to, const void *from, size_t size);

// Zeroes, all or nothing.
int64_t user_zero(struct process *process, uint64_t to, size_t size);

// Copies a string with its NUL.  Its length without, -ENAMETOOLONG if there
// is no NUL within size bytes, or as above.
int64_t user_copy_string(struct process *process, char *to, uint64_t from, size_t size);
