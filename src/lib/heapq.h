// A queue by key, smallest first, whose nodes live inside what they queue: a
// binary heap as a linked complete tree.  Insert and remove are O(log n) and
// allocate nothing; nodes with equal keys leave in the order they came.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// All zero is a node in no queue.  The key is set before heapq_insert() and
// left alone until the node is out again.
struct heapq_node {
	struct heapq_node *left, *right, *parent;
	uint64_t key;
	uint64_t sequence; // order of arrival, from 1; 0: in no queue
};

// All zero is an empty queue.
struct heapq {
	struct heapq_node *root;
	size_t count;
	uint64_t sequence; // the last one given out
};

void heapq_insert(struct heapq *heap, struct heapq_node *node);

// Takes out any node; one that is in no queue is left alone.
void heapq_remove(struct heapq *heap, struct heapq_node *node);

static inline bool heapq_linked(const struct heapq_node *node)
{
	return node->sequence != 0;
}

// The node with the smallest key, still in the queue; NULL when it is empty.
static inline struct heapq_node *heapq_min(const struct heapq *heap)
{
	return heap->root;
}
