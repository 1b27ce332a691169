// src/lib/heapq.c against a plain array that is searched.
#include "claim.h"
#include "lib/heapq.h"
#include <string.h>

#define NODES 300

static struct heapq heap;
static struct heapq_node nodes[NODES];

static bool ordered(const struct heapq_node *a, const struct heapq_node *b)
{
	return a->key < b->key ||
	       (a->key == b->key && a->sequence < b->sequence);
}

// Counts the nodes below place, and checks links, order and completeness.
static size_t check(const struct heapq_node *node,
                    const struct heapq_node *parent, size_t place)
{
	if (!node)
		return 0;
	CLAIM(node->parent == parent);
	CLAIM(place <= heap.count);
	CLAIM(heapq_linked(node));
	CLAIM(!parent || ordered(parent, node));
	return 1 + check(node->left, node, 2 * place) +
	       check(node->right, node, 2 * place + 1);
}

static struct heapq_node *model_min(void)
{
	struct heapq_node *min = NULL;

	for (int i = 0; i < NODES; i++)
		if (heapq_linked(&nodes[i]) &&
		    (!min || ordered(&nodes[i], min)))
			min = &nodes[i];
	return min;
}

static void random_run(uint64_t keys, int limit)
{
	for (int round = 0; round < 3000; round++) {
		struct heapq_node *node = &nodes[chance(limit)];

		if (heapq_linked(node)) {
			heapq_remove(&heap, node);
			CLAIM(!heapq_linked(node));
		} else {
			node->key = chance(keys);
			heapq_insert(&heap, node);
		}
		CLAIM(heapq_min(&heap) == model_min());
		if (round % 16 == 0)
			CLAIM(check(heap.root, NULL, 1) == heap.count);
	}
	for (struct heapq_node *min; (min = model_min());) {
		CLAIM(heapq_min(&heap) == min);
		heapq_remove(&heap, min);
	}
	CLAIM(heap.root == NULL);
	CLAIM(heap.count == 0);
}

static void first_come_first_served(void)
{
	for (int i = 0; i < NODES; i++) {
		nodes[i].key = 7;
		heapq_insert(&heap, &nodes[i]);
	}
	for (int i = 0; i < NODES; i++) {
		CLAIM(heapq_min(&heap) == &nodes[i]);
		heapq_remove(&heap, heapq_min(&heap));
	}
}

void test_heapq(void)
{
	struct heapq_node stranger = {.key = 0};

	CLAIM(heapq_min(&heap) == NULL);
	CLAIM(!heapq_linked(&stranger));
	heapq_remove(&heap, &stranger);
	CLAIM(heap.count == 0);
	for (int limit = 1; limit < 12; limit++)
		random_run(3, limit);
	random_run(5, NODES);
	random_run(UINT64_MAX, NODES);
	first_come_first_served();
}
