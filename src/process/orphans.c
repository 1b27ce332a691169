#include "process/orphans.h"
#include "process/family.h"

#define CHILDREN 128 // that a process leaves in one pass

// Zombies to the front, as everywhere; process 1 waits for any child, so it
// finds those it did not beget as well.
static void orphan_adopt(struct process *child, struct process *init)
{
	struct family *family = family_of(child);

	list_remove(&family->sibling);
	family->parent = init;
	if (family->zombie)
		list_add_head(&family_of(init)->children, &family->sibling);
	else
		list_add_tail(&family_of(init)->children, &family->sibling);
}

// Zombies among them are process 1's to ask for, so it is woken.
void orphans_leave(struct process *leader)
{
	struct family *family = family_of(leader);
	struct process *init = process_find(1);
	bool any = !list_empty(&family->children);

	LIST_EACH(node, &family->children)
		orphan_adopt(family_sibling(node), init);
	if (any)
		wake_all(&family_of(init)->changed);
}

bool orphans_part(struct process *process)
{
	struct process *leader = family_leader(process);
	struct family *family = family_of(leader);
	unsigned n = 0;

	if (family->alive > 1 || leader->pid == 1)
		return false;
	LIST_EACH(node, &family->children)
		if (n++ == CHILDREN)
			break;
	if (n <= CHILDREN)
		return false;
	LIST_EACH(node, &family->children) {
		if (n-- == 0)
			break;
		family_parts(family_sibling(node));
		orphan_adopt(family_sibling(node), process_find(1));
	}
	wake_all(&family_of(process_find(1))->changed);
	return true;
}
