#include "memory/table.h"

#define ENTRIES 512
#define SPARE_MOST 16
#define SPAN(level) (1ul << (PAGE_SHIFT + 9 * (level)))

// A table that is let go is all zero again, since every entry was cleared:
// the next one to need a table need not clear it.
static uint64_t *spare[SPARE_MOST];
static size_t spare_count;

static unsigned table_index(uint64_t address, int level)
{
	return address >> (PAGE_SHIFT + 9 * level) & (ENTRIES - 1);
}

// Kept in a small stack, for fork and exit make and drop three at a time.
uint64_t *table_new(void)
{
	uint64_t *table;

	if (spare_count)
		return spare[--spare_count];
	table = page_alloc_zeroed();
	if (table)
		page_of(table)->kind = PAGE_TABLE;
	return table;
}

// lo and hi are the table's, so they start anew with the next owner.
static void table_release(uint64_t *table)
{
	struct page *page = page_of(table);

	page->lo = page->hi = 0;
	if (spare_count < SPARE_MOST)
		spare[spare_count++] = table;
	else
		page_put(table);
}

size_t table_spare(void)
{
	return spare_count;
}

// A spare table is zero already, but page_put() does not know that.
void table_trim(void)
{
	while (spare_count)
		page_put(spare[--spare_count]);
}

// Entries [lo, hi) are those that were ever in use.
static void table_note(uint64_t *table, unsigned index)
{
	struct page *page = page_of(table);

	if (page->hi == 0)
		page->lo = index;
	if (index < page->lo)
		page->lo = index;
	if (index >= page->hi)
		page->hi = index + 1;
}

void table_clear(uint64_t *entry)
{
	struct page *page = page_of(entry);
	unsigned index = ((uintptr_t)entry & PAGE_MASK) / sizeof *entry;

	*entry = 0;
	if (index == page->lo)
		page->lo++;
	if (page->lo >= page->hi)
		page->lo = page->hi = 0;
}

// Only whole pages are mapped, never 2 MiB or 1 GiB: so an entry of the upper
// levels that is valid points to a table, and its R, W and X are not looked at.
uint64_t *table_entry(uint64_t *root, uint64_t address)
{
	uint64_t *table = root;

	for (int level = 2; level > 0; level--) {
		uint64_t entry = table[table_index(address, level)];

		if (!(entry & PTE_V))
			return NULL;
		table = pte_frame(entry);
	}
	return &table[table_index(address, 0)];
}

// Tables that were made before one could not be had stay: they are found by the
// next fault, or freed with the space.
uint64_t *table_make(uint64_t *root, uint64_t address)
{
	uint64_t *table = root;

	for (int level = 2; level > 0; level--) {
		unsigned index = table_index(address, level);

		if (!(table[index] & PTE_V)) {
			uint64_t *next = table_new();

			if (next == NULL)
				return NULL;
			table[index] = pte_make(next, PTE_V);
			table_note(table, index);
		}
		table = pte_frame(table[index]);
	}
	table_note(table, table_index(address, 0));
	return &table[table_index(address, 0)];
}

// Where the next table of this level begins.
static uint64_t next_span(uint64_t address, int level)
{
	return (address & -SPAN(level)) + SPAN(level);
}

// The first valid entry of a lowest table; NULL leaves *address at its end, or
// at `end`.
static uint64_t *table_scan(uint64_t *table, uint64_t *address, uint64_t end)
{
	const struct page *page = page_of(table);
	uint64_t base = *address & -SPAN(1);
	uint64_t *entry = table + table_index(*address, 0);
	uint64_t *stop = table + page->hi;

	if (entry < table + page->lo)
		entry = table + page->lo;
	if (end - base < SPAN(1) && stop > table + table_index(end, 0))
		stop = table + table_index(end, 0);
	while (entry < stop && !(*entry & PTE_V))
		entry++;
	if (entry < stop) {
		*address = base + (entry - table) * PAGE_SIZE;
		return entry;
	}
	*address = base + SPAN(1);
	return NULL;
}

// Moves *address on to the first entry of the table, at this level, that was
// ever in use; false: there is none from here on.
static bool table_skip(uint64_t *table, uint64_t *address, int level)
{
	const struct page *page = page_of(table);
	unsigned index = table_index(*address, level);

	if (index >= page->hi)
		return false;
	if (index < page->lo)
		*address = (*address & -SPAN(level + 1)) +
		           page->lo * SPAN(level);
	return true;
}

uint64_t *table_next(uint64_t *root, uint64_t *address, uint64_t end)
{
	while (*address < end && table_skip(root, address, 2)) {
		uint64_t top = root[table_index(*address, 2)];
		uint64_t *table, middle, *entry;

		table = pte_frame(top);
		if (!(top & PTE_V) || !table_skip(table, address, 1)) {
			*address = next_span(*address, 2);
			continue;
		}
		middle = table[table_index(*address, 1)];
		if (!(middle & PTE_V)) {
			*address = next_span(*address, 1);
			continue;
		}
		if (*address >= end)
			break;
		entry = table_scan(pte_frame(middle), address, end);
		if (entry)
			return entry;
	}
	return NULL;
}

// Frees the lowest tables below `middle` that lie wholly in [start, end);
// base is the address that the first of its entries stands for.
static void prune_middle(uint64_t *middle, uint64_t base, uint64_t start, uint64_t end)
{
	struct page *page = page_of(middle);

	for (unsigned i = page->lo; i < page->hi; i++) {
		uint64_t at = base + i * SPAN(1);

		if (!(middle[i] & PTE_V) || at < start || at + SPAN(1) > end)
			continue;
		table_release(pte_frame(middle[i]));
		middle[i] = 0;
	}
}

// Only tables that lie wholly inside: one at an end may serve a neighbour, and
// is freed with that.
void table_prune(uint64_t *root, uint64_t start, uint64_t end)
{
	struct page *page = page_of(root);

	for (unsigned i = page->lo; i < page->hi; i++) {
		uint64_t at = i * SPAN(2);

		if (!(root[i] & PTE_V) || at + SPAN(2) <= start || at >= end)
			continue;
		prune_middle(pte_frame(root[i]), at, start, end);
		if (start <= at && at + SPAN(2) <= end) {
			table_release(pte_frame(root[i]));
			root[i] = 0;
		}
	}
}

// The root goes by itself: no other table points to it.
void table_free(uint64_t *root)
{
	table_prune(root, 0, TABLE_END);
	table_release(root);
}
