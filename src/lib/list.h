// A doubly linked ring of nodes that live inside what they link.  An unlinked
// node points at itself, so that removing it twice does no harm.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

// The object of TYPE whose MEMBER is *ptr.
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

// A node or an empty ring, initialised in place.
#define LIST_INIT(name) { &(name), &(name) }

// Walk a ring; the body may remove the node it is given.
#define LIST_EACH(node, head)                                            \
	for (struct list *node = (head)->next, *node##_next = node->next; \
	     node != (head); node = node##_next, node##_next = node->next)

static inline void list_init(struct list *node)
{
	node->next = node->prev = node;
}

static inline bool list_empty(const struct list *head)
{
	return head->next == head;
}

// Links node in front of place: before the head means at the tail.
static inline void list_insert(struct list *place, struct list *node)
{
	node->next = place;
	node->prev = place->prev;
	place->prev->next = node;
	place->prev = node;
}

static inline void list_add_tail(struct list *head, struct list *node)
{
	list_insert(head, node);
}

static inline void list_add_head(struct list *head, struct list *node)
{
	list_insert(head->next, node);
}

// For who links it anew before anybody looks at it.
static inline void list_unlink(struct list *node)
{
	node->next->prev = node->prev;
	node->prev->next = node->next;
}

static inline void list_remove(struct list *node)
{
	list_unlink(node);
	list_init(node);
}
