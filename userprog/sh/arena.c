#include "arena.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>

struct block {
	struct block *below;
	size_t size;
	char bytes[] __attribute__((aligned(16)));
};

// With its header and malloc's own a block fills half a page.
#define BLOCK_SIZE 2000

static struct mark top, floor_mark;

static void block_push(size_t size)
{
	if (size < BLOCK_SIZE)
		size = BLOCK_SIZE;
	struct block *block = malloc(sizeof *block + size);
	if (!block)
		die(2, "out of memory");
	block->below = top.block;
	block->size = size;
	top = (struct mark){ block, 0 };
}

void *arena_alloc(size_t size)
{
	size = (size + 15) & ~15UL;
	if (!top.block || size > top.block->size - top.used)
		block_push(size);
	char *at = top.block->bytes + top.used;
	top.used += size;
	return memset(at, 0, size);
}

char *arena_copy(const char *text, size_t length)
{
	char *copy = arena_alloc(length + 1);

	memcpy(copy, text, length);
	return copy;
}

struct mark arena_mark(void)
{
	return top;
}

void arena_release(struct mark mark)
{
	while (top.block != mark.block && top.block != floor_mark.block) {
		struct block *below = top.block->below;

		free(top.block);
		top.block = below;
		// The lower block counts as full until the mark is reached:
		// how much of it was used is known to the mark alone.
		top.used = below ? below->size : 0;
	}
	top.used = top.block == mark.block ? mark.used : floor_mark.used;
	if (top.block == floor_mark.block && top.used < floor_mark.used)
		top.used = floor_mark.used;
}

void arena_keep(void)
{
	floor_mark = top;
}

static void text_room(struct text *text, size_t more)
{
	if (text->length + more <= text->room)
		return;
	size_t room = (text->length + more) * 2;
	char *at = arena_alloc(room < 32 ? 32 : room);

	if (text->length > 0)
		memcpy(at, text->at, text->length);
	text->at = at;
	text->room = room < 32 ? 32 : room;
}

void text_add(struct text *text, char c)
{
	text_room(text, 1);
	text->at[text->length++] = c;
}

void text_put(struct text *text, const char *from, size_t length)
{
	text_room(text, length);
	memcpy(text->at + text->length, from, length);
	text->length += length;
}

char *text_string(struct text *text)
{
	text_room(text, 1);
	text->at[text->length] = 0;
	return text->at;
}
