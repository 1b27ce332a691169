#include "files/pages.h"
#include "process/task.h"

size_t pages_frames;

// How many pages a tree of that height can have.
static uint64_t pages_reach(unsigned height)
{
	return 1ul << 9 * height;
}

static void **node_new(void)
{
	void **node = page_alloc_zeroed();

	if (node)
		pages_frames++;
	return node;
}

static void frame_free(void *frame)
{
	pages_frames--;
	page_put(frame);
}

void **pages_slot(struct pages *pages, uint64_t index)
{
	void **slot = &pages->root;

	if (index >= pages_reach(pages->height))
		return NULL;
	for (unsigned height = pages->height; height > 0; height--) {
		if (*slot == NULL)
			return NULL;
		slot = (void **)*slot + (index >> 9 * (height - 1)) %
		                                PAGES_FANOUT;
	}
	return slot;
}

// One level more on top.
static bool pages_raise(struct pages *pages)
{
	void **node;

	if (pages->root) {
		node = node_new();
		if (node == NULL)
			return false;
		node[0] = pages->root;
		pages->root = node;
	}
	pages->height++;
	return true;
}

void **pages_make(struct pages *pages, uint64_t index)
{
	void **slot = &pages->root;

	while (index >= pages_reach(pages->height))
		if (!pages_raise(pages))
			return NULL;
	for (unsigned height = pages->height; height > 0; height--) {
		if (*slot == NULL)
			*slot = node_new();
		if (*slot == NULL)
			return NULL;
		slot = (void **)*slot + (index >> 9 * (height - 1)) %
		                                PAGES_FANOUT;
	}
	return slot;
}

// Each of the lowest nodes knows how many pages it has, as its struct page's
// hi.
static uint16_t *node_used(void **slot)
{
	return &page_of(slot)->hi;
}

void pages_put(struct pages *pages, void **slot, void *frame)
{
	*slot = frame;
	pages_frames++;
	if (slot != &pages->root)
		++*node_used(slot);
}

static size_t node_count(void **node, unsigned height)
{
	size_t count = 0;

	if (height == 1)
		return *node_used(node);
	for (int i = 0; i < PAGES_FANOUT; i++)
		if (node[i])
			count += node_count(node[i], height - 1);
	return count;
}

size_t pages_count(const struct pages *pages)
{
	if (pages->root == NULL || pages->height == 0)
		return pages->root != NULL;
	return node_count(pages->root, pages->height);
}

// ---- what was cut off: nodes whose pages nobody can reach any more ----

static struct list dead = LIST_INIT(dead); // by their struct page, lo = height

static void dead_add(void *node, unsigned height)
{
	page_of(node)->lo = height;
	list_add_tail(&dead, &page_of(node)->node);
}

// One node: its pages are freed, or its children are dead then.
bool pages_reap(void)
{
	struct page *page;
	void **node;

	if (list_empty(&dead))
		return false;
	page = container_of(dead.next, struct page, node);
	list_remove(&page->node);
	node = page_address(page);
	for (int i = 0; i < PAGES_FANOUT; i++) {
		if (node[i] == NULL)
			continue;
		if (page->lo > 1)
			dead_add(node[i], page->lo - 1);
		else
			frame_free(node[i]);
	}
	frame_free(node);
	return true;
}

static int64_t reaper_poll(struct ktask *ktask)
{
	return pages_reap() ? ktask_again(ktask) : 0;
}

static void reaper_start(void)
{
	static struct ktask reaper = { .poll = reaper_poll, .finished = true };

	if (!reaper.finished || list_empty(&dead))
		return;
	reaper.finished = false;
	ktask_spawn(&reaper);
}

// ---- cutting ----

// All that is below the place, which is that of a subtree of this height.
static void slot_cut(struct pages *pages, void **slot, unsigned height)
{
	if (*slot == NULL)
		return;
	if (height > 0) {
		dead_add(*slot, height);
	} else {
		frame_free(*slot);
		if (slot != &pages->root)
			--*node_used(slot);
	}
	*slot = NULL;
}

void pages_cut(struct pages *pages, uint64_t from)
{
	void **slot = &pages->root;
	unsigned height = pages->height;

	if (from >= pages_reach(height))
		return;
	while (from && height > 0 && *slot) {
		void **node = *slot;
		unsigned first;

		height--;
		first = (from >> 9 * height) % PAGES_FANOUT;
		for (unsigned i = first + 1; i < PAGES_FANOUT; i++)
			slot_cut(pages, &node[i], height);
		slot = &node[first];
		from &= pages_reach(height) - 1;
	}
	slot_cut(pages, slot, height);
	if (pages->root == NULL)
		pages->height = 0;
	reaper_start();
}
