// Memory that is given back in one go: what parsing and expanding allocate
// lives until the mark that was set before is released.
#pragma once
#include <stddef.h>

struct mark {
	struct block *block;
	size_t used;
};

void *arena_alloc(size_t size);                    // zeroed
char *arena_copy(const char *text, size_t length); // 0-terminated
struct mark arena_mark(void);
void arena_release(struct mark mark);
void arena_keep(void); // what is allocated now stays: a function's body

// A string that grows, in the arena.
struct text {
	char *at;
	size_t length, room;
};

void text_add(struct text *text, char c);
void text_put(struct text *text, const char *from, size_t length);
char *text_string(struct text *text); // 0-terminated
