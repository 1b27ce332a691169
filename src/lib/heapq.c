// A linked complete binary tree in heap order.  Place n (from 1, by rows) is
// found from the root by the bits of n below its highest: 0 left, 1 right.
#include "lib/heapq.h"

// The order of arrival decides between equal keys, so no two nodes are equal
// and the queue is fair.
static inline bool before(const struct heapq_node *a,
                          const struct heapq_node *b)
{
	return a->key < b->key ||
	       (a->key == b->key && a->sequence < b->sequence);
}

// The pointer to the node at a place, which is 1 or more; its parent goes to
// *parent.  The last place, and the one after it, are all that is asked for.
static struct heapq_node **link_at(struct heapq *heap, size_t place,
                                   struct heapq_node **parent)
{
	struct heapq_node **link = &heap->root;

	size_t bit = 1;

	while (bit <= place / 2)
		bit *= 2;
	*parent = NULL;
	while (bit /= 2) {
		*parent = *link;
		link = place & bit ? &(*link)->right : &(*link)->left;
	}
	return link;
}

// The pointer in the tree that points at this node.
static struct heapq_node **link_to(struct heapq *heap, struct heapq_node *node)
{
	struct heapq_node *parent = node->parent;

	if (!parent)
		return &heap->root;
	return parent->left == node ? &parent->left : &parent->right;
}

// Puts node where old is, old's children included.
static void replace(struct heapq *heap, struct heapq_node *old,
                    struct heapq_node *node)
{
	*link_to(heap, old) = node;
	node->parent = old->parent;
	node->left = old->left;
	node->right = old->right;
	if (node->left)
		node->left->parent = node;
	if (node->right)
		node->right->parent = node;
}

// Lets a node and its parent change places.  In an array this would be two
// stores; here the nodes cannot move, for they are part of what they queue, so
// the links do.
static void swap_up(struct heapq *heap, struct heapq_node *node)
{
	struct heapq_node *parent = node->parent;
	struct heapq_node *left = node->left, *right = node->right;
	bool was_left = parent->left == node;
	struct heapq_node *sibling = was_left ? parent->right : parent->left;

	*link_to(heap, parent) = node;
	node->parent = parent->parent;
	node->left = was_left ? parent : sibling;
	node->right = was_left ? sibling : parent;
	if (sibling)
		sibling->parent = node;
	parent->parent = node;
	parent->left = left;
	parent->right = right;
	if (left)
		left->parent = parent;
	if (right)
		right->parent = parent;
}

static void sift_up(struct heapq *heap, struct heapq_node *node)
{
	while (node->parent && before(node, node->parent))
		swap_up(heap, node);
}

static void sift_down(struct heapq *heap, struct heapq_node *node)
{
	for (;;) {
		struct heapq_node *child = node->left;

		if (node->right && before(node->right, child))
			child = node->right;
		// Complete: where there is no left child there is no right.
		if (!child || before(node, child))
			return;
		swap_up(heap, child);
	}
}

void heapq_insert(struct heapq *heap, struct heapq_node *node)
{
	struct heapq_node **link = link_at(heap, ++heap->count, &node->parent);

	*link = node;
	node->left = node->right = NULL;
	node->sequence = ++heap->sequence;
	sift_up(heap, node);
}

void heapq_remove(struct heapq *heap, struct heapq_node *node)
{
	struct heapq_node *parent;

	if (!heapq_linked(node))
		return;
	// The last node of the tree leaves its place, then takes the gap's.
	struct heapq_node **link = link_at(heap, heap->count--, &parent);
	struct heapq_node *last = *link;

	*link = NULL;
	if (last != node) {
		replace(heap, node, last);
		// It came from another branch: either may be needed.
		sift_up(heap, last);
		sift_down(heap, last);
	}
	node->sequence = 0;
}
