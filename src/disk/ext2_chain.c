#include "disk/ext2_chain.h"

#define PER_CHAIN 32 // bytes of a directory, to begin with

static struct ext2_name *name_of(const struct ext2_index *index, uint32_t n)
{
	return &index->names[(n - 1) / NAMES][(n - 1) % NAMES];
}

static uint32_t *head_of(const struct ext2_index *index, uint32_t chain)
{
	return &index->heads[chain / HEADS][chain % HEADS];
}

// Chains that are not there yet share that with one bit less.
static uint32_t chain_of(const struct ext2_index *index, uint32_t hash)
{
	uint32_t chain = hash & index->mask;

	return chain < index->chains ? chain : hash & index->mask / 2;
}

// One chain more: it gets its share of one that is there.
static void chain_split(struct ext2_index *index)
{
	uint32_t chain = index->chains, **page = &index->heads[chain / HEADS];
	uint32_t from, *at;

	if (*page == NULL)
		*page = ext2_index_frame(index);
	if (*page == NULL)
		return; // the chains get longer
	index->mask |= chain;
	from = chain_of(index, chain);
	index->chains++;
	at = head_of(index, from);
	while (*at) {
		struct ext2_name *name = name_of(index, *at);
		uint32_t n = *at;

		if (chain_of(index, name->hash) == from) {
			at = &name->next;
			continue;
		}
		*at = name->next;
		name->next = *head_of(index, chain);
		*head_of(index, chain) = n;
	}
}

bool ext2_chain_reserve(struct ext2_index *index)
{
	struct ext2_name **page = &index->names[index->made / NAMES];

	if (index->free)
		return true;
	if (index->made == NAME_PAGES * NAMES)
		return false;
	if (*page == NULL)
		*page = ext2_index_frame(index);
	return *page;
}

// There is a place for it.
void ext2_chain_put(struct ext2_index *index, const struct ext2_name *name)
{
	uint32_t n = index->free, *head;
	struct ext2_name *own;

	if (n == 0)
		n = ++index->made;
	own = name_of(index, n);
	if (index->free)
		index->free = own->next;
	head = head_of(index, chain_of(index, name->hash));
	*own = *name;
	own->next = *head;
	*head = n;
	if (++index->count > 2 * index->chains &&
	    index->chains < HEAD_PAGES * HEADS)
		chain_split(index);
}

void ext2_chain_take(struct ext2_index *index, const struct ext2_name *name)
{
	uint32_t *at = head_of(index, chain_of(index, name->hash)), n;

	while ((n = *at) != 0) {
		struct ext2_name *own = name_of(index, n);

		if (own->block == name->block && own->at == name->at) {
			*at = own->next;
			own->next = index->free;
			index->free = n;
			index->count--;
			return;
		}
		at = &own->next;
	}
}

static const struct ext2_name *with_hash(const struct ext2_index *index,
                                         uint32_t n, uint32_t hash)
{
	for (; n; n = name_of(index, n)->next)
		if (name_of(index, n)->hash == hash)
			return name_of(index, n);
	return NULL;
}

const struct ext2_name *ext2_index_first(struct ext2_inode *dir, uint32_t hash)
{
	struct ext2_index *index = dir->index;

	return with_hash(index, *head_of(index, chain_of(index, hash)), hash);
}

const struct ext2_name *ext2_index_next(struct ext2_inode *dir,
                                        const struct ext2_name *name)
{
	return with_hash(dir->index, name->next, name->hash);
}

// As many chains as it will have, so that none is split while it is filled.
bool ext2_chain_init(struct ext2_index *index, uint64_t size)
{
	uint64_t chains = size / PER_CHAIN;

	if (chains > HEAD_PAGES * HEADS)
		chains = HEAD_PAGES * HEADS;
	while (index->chains < chains) {
		index->mask |= index->chains;
		index->chains = index->mask + 1 < chains ? index->mask + 1
		                                         : chains;
	}
	for (unsigned i = 0; i * HEADS < index->chains; i++) {
		index->heads[i] = ext2_index_frame(index);
		if (index->heads[i] == NULL)
			return false;
	}
	return true;
}
