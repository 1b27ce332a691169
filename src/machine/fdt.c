// One pass over the flattened device tree.  All numbers in it are big-endian;
// the structure block is a row of 32-bit tokens: begin a node (its name
// follows), end it, a property (size, name, value).
#include "machine/fdt.h"
#include "lib/errno.h"
#include "lib/string.h"

#define FDT_MAGIC       0xd00dfeed
#define FDT_VERSION     17 // that we read; compatible since the file says so
#define FDT_HEADER_SIZE 40
#define FDT_KERNEL      0x80000000ul // the RAM we want is the one we stand in

// The header, DTSpec v0.4 section 5.2: offsets of its fields.
enum {
	FDT_TOTALSIZE = 4,
	FDT_OFF_STRUCT = 8,
	FDT_OFF_STRINGS = 12,
	FDT_LAST_COMPATIBLE = 24,
	FDT_SIZE_STRINGS = 32,
	FDT_SIZE_STRUCT = 36,
};

// Tokens, section 5.4.1.
enum {
	FDT_BEGIN_NODE = 1,
	FDT_END_NODE = 2,
	FDT_PROP = 3,
	FDT_NOP = 4,
	FDT_END = 9,
};

// A walk: what is left of the structure block, and the nodes we are in.
struct walk {
	const uint8_t *at, *end;
	const char *strings;
	uint32_t strings_size;
	struct fdt_property property;
	// That a node's children use in their reg; [0] is for the root's own.
	uint32_t address_cells[FDT_MAX_DEPTH + 1];
	uint32_t size_cells[FDT_MAX_DEPTH + 1];
};

// By bytes: the hart is little-endian, and some values are not aligned.
static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

// A number of one or two cells; of more, the lowest two.
static uint64_t cells(const uint8_t *p, uint32_t n)
{
	uint64_t value = 0;

	for (; n; n--, p += 4)
		value = value << 32 | be32(p);
	return value;
}

size_t fdt_size(const void *fdt)
{
	return be32((const uint8_t *)fdt + FDT_TOTALSIZE);
}

// In 64 bits, where two numbers of 32 cannot wrap round.
static bool block_fits(const uint8_t *fdt, int offset, int size)
{
	uint64_t start = be32(fdt + offset), length = be32(fdt + size);

	return start >= FDT_HEADER_SIZE && start + length <= fdt_size(fdt);
}

// After this the walk need only watch the ends of the two blocks.
int fdt_check(const void *tree, size_t limit)
{
	const uint8_t *fdt = tree;

	if (!fdt || limit < FDT_HEADER_SIZE || be32(fdt) != FDT_MAGIC)
		return -EINVAL;
	if (fdt_size(fdt) > limit ||
	    be32(fdt + FDT_LAST_COMPATIBLE) > FDT_VERSION ||
	    be32(fdt + FDT_OFF_STRUCT) % 4)
		return -EINVAL;
	if (!block_fits(fdt, FDT_OFF_STRUCT, FDT_SIZE_STRUCT) ||
	    !block_fits(fdt, FDT_OFF_STRINGS, FDT_SIZE_STRINGS))
		return -EINVAL;

	// With a NUL at its end every string in the block has one.
	uint32_t size = be32(fdt + FDT_SIZE_STRINGS);

	if (size && fdt[be32(fdt + FDT_OFF_STRINGS) + size - 1])
		return -EINVAL;
	return 0;
}

static size_t left(const struct walk *walk)
{
	return walk->end - walk->at;
}

// Moves over n bytes and the padding to the next token.
static int skip(struct walk *walk, size_t n)
{
	n = (n + 3) & ~(size_t)3;
	if (n > left(walk))
		return -EINVAL;
	walk->at += n;
	return 0;
}

static int begin_node(struct walk *walk)
{
	const char *name = (const char *)walk->at;
	size_t length = strnlen(name, left(walk));
	int depth = walk->property.depth;

	// virt's tree is four deep; a bound here is the size of the path.
	if (depth == FDT_MAX_DEPTH)
		return -EINVAL;
	walk->property.path[depth++] = name;
	walk->property.depth = depth;
	walk->address_cells[depth] = 2; // section 2.3.5: the default
	walk->size_cells[depth] = 1;
	return skip(walk, length + 1); // fails if there was no NUL
}

// The cells apply to the children, which come after the properties.
static int note_cells(struct walk *walk)
{
	const struct fdt_property *property = &walk->property;
	bool address = !strcmp(property->name, "#address-cells");

	if (property->name[0] != '#' ||
	    (!address && strcmp(property->name, "#size-cells")))
		return 0;
	if (property->size != 4 || be32(property->value) > 4)
		return -EINVAL;
	if (address)
		walk->address_cells[property->depth] = be32(property->value);
	else
		walk->size_cells[property->depth] = be32(property->value);
	return 0;
}

static int read_property(struct walk *walk, fdt_visit visit, void *arg)
{
	struct fdt_property *property = &walk->property;
	int depth = property->depth;

	if (depth == 0 || left(walk) < 8)
		return -EINVAL;

	uint32_t name = be32(walk->at + 4);

	property->size = be32(walk->at);
	property->value = walk->at + 8;
	if (name >= walk->strings_size ||
	    skip(walk, 8 + (size_t)property->size))
		return -EINVAL;
	property->name = walk->strings + name;
	property->address_cells = walk->address_cells[depth - 1];
	property->size_cells = walk->size_cells[depth - 1];

	int err = note_cells(walk);

	return err ? err : visit(arg, property);
}

// The one loop.  Every turn moves on by a token at least, so it ends; an end of
// the block before FDT_END is an error.
static int walk_tokens(struct walk *walk, fdt_visit visit, void *arg)
{
	bool closed = false; // the root has ended
	int err = 0;

	while (!err && left(walk) >= 4) {
		uint32_t token = be32(walk->at);

		walk->at += 4;
		if (token == FDT_END)
			return closed ? 0 : -EINVAL;
		if (token == FDT_NOP)
			continue;
		if (closed)
			return -EINVAL;
		if (token == FDT_PROP)
			err = read_property(walk, visit, arg);
		else if (token == FDT_BEGIN_NODE)
			err = begin_node(walk);
		else if (token != FDT_END_NODE || walk->property.depth == 0)
			return -EINVAL;
		else
			closed = --walk->property.depth == 0;
	}
	return err < 0 ? err : -EINVAL;
}

int fdt_walk(const void *tree, size_t limit, fdt_visit visit, void *arg)
{
	const uint8_t *fdt = tree;
	int err = fdt_check(fdt, limit);

	if (err)
		return err;

	const uint8_t *start = fdt + be32(fdt + FDT_OFF_STRUCT);
	struct walk walk = {
		.at = start,
		.end = start + be32(fdt + FDT_SIZE_STRUCT),
		.strings = (const char *)fdt + be32(fdt + FDT_OFF_STRINGS),
		.strings_size = be32(fdt + FDT_SIZE_STRINGS),
		.address_cells = { 2 },
		.size_cells = { 1 },
	};

	return walk_tokens(&walk, visit, arg);
}

// Whether a node has this name, with or without an address after it.
static bool is_node(const char *node, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(node, name, n) && (node[n] == 0 || node[n] == '@');
}

static bool is_text(const struct fdt_property *property, const char *text)
{
	size_t size = strlen(text) + 1;

	return property->size == size && !memcmp(property->value, text, size);
}

// reg is a row of (start, size), each of so many cells.
static void visit_memory(struct fdt_machine *machine,
                         const struct fdt_property *property)
{
	uint32_t a = property->address_cells, s = property->size_cells;
	const uint8_t *p = property->value;
	uint32_t row = 4 * (a + s);

	if (machine->ram_size || !row || strcmp(property->name, "reg"))
		return;
	for (uint32_t n = property->size / row; n; n--, p += row) {
		uint64_t start = cells(p, a), size = cells(p + 4 * a, s);

		if (start > FDT_KERNEL || FDT_KERNEL - start >= size)
			continue;
		if (start + size < start)
			size = -start; // to the end of the address space
		machine->ram_start = start;
		machine->ram_size = size;
		return;
	}
}

// What the loader chose to tell (section 3.6).  The initrd's addresses come as
// one cell or two, and QEMU's differ by version.
static int visit_chosen(struct fdt_machine *machine,
                        const struct fdt_property *property)
{
	uint64_t *initrd = NULL;

	if (!strcmp(property->name, "bootargs")) {
		const char *text = (const char *)property->value;
		size_t length = strnlen(text, property->size);

		if (length == property->size)
			return -EINVAL;
		machine->bootargs = text;
		machine->bootargs_size = length;
	} else if (!strcmp(property->name, "rng-seed")) {
		machine->seed = property->value;
		machine->seed_size = property->size;
	} else if (!strcmp(property->name, "linux,initrd-start")) {
		initrd = &machine->initrd_start;
	} else if (!strcmp(property->name, "linux,initrd-end")) {
		initrd = &machine->initrd_end;
	}
	if (!initrd)
		return 0;
	if (property->size != 4 && property->size != 8)
		return -EINVAL;
	*initrd = cells(property->value, property->size / 4);
	return 0;
}

// What fdt_read_machine() knows while it walks.
struct reader {
	struct fdt_machine *machine;
	const char *cpu;       // the cpu node that hart describes
	struct fdt_hart *hart; // NULL: there are too many
};

// Properties come in any order and a node has no end for us: a new one is known
// by its name's address.  The first is hart[0], not always the one with id 0.
static int visit_cpu(struct reader *reader, const struct fdt_property *property)
{
	struct fdt_machine *machine = reader->machine;

	if (reader->cpu != property->path[2]) {
		reader->cpu = property->path[2];
		reader->hart = NULL;
		if (machine->harts == FDT_MAX_HARTS)
			return 0;
		reader->hart = &machine->hart[machine->harts++];
		reader->hart->usable = true;
	}
	if (!reader->hart)
		return 0;
	if (!strcmp(property->name, "reg")) {
		if (!property->size ||
		    property->size / 4 != property->address_cells)
			return -EINVAL;
		reader->hart->id = cells(property->value, property->size / 4);
	} else if (!strcmp(property->name, "mmu-type")) {
		reader->hart->mmu = true;
	} else if (!strcmp(property->name, "status")) {
		reader->hart->usable =
			is_text(property, "okay") || is_text(property, "ok");
	}
	return 0;
}

// cpus itself has the timebase (section 3.7); older trees put it in each cpu.
static int visit_cpus(struct reader *reader,
                      const struct fdt_property *property)
{
	if (!strcmp(property->name, "timebase-frequency")) {
		if (property->size != 4 && property->size != 8)
			return -EINVAL;
		reader->machine->timebase =
			cells(property->value, property->size / 4);
	} else if (property->depth == 3 && is_node(property->path[2], "cpu")) {
		return visit_cpu(reader, property);
	}
	return 0;
}

static int visit_machine(void *arg, const struct fdt_property *property)
{
	struct reader *reader = arg;

	if (property->depth == 1)
		return 0;
	if (is_node(property->path[1], "cpus"))
		return visit_cpus(reader, property);
	if (property->depth != 2)
		return 0;
	if (is_node(property->path[1], "memory"))
		visit_memory(reader->machine, property);
	else if (is_node(property->path[1], "chosen"))
		return visit_chosen(reader->machine, property);
	return 0;
}

int fdt_read_machine(const void *fdt, size_t limit, struct fdt_machine *out)
{
	struct reader reader = { .machine = out };

	memset(out, 0, sizeof(*out));

	int err = fdt_walk(fdt, limit, visit_machine, &reader);

	if (!err && out->initrd_end < out->initrd_start)
		err = -EINVAL;
	// Half a machine is worse than none: the board's defaults apply.
	if (err)
		memset(out, 0, sizeof(*out));
	return err;
}
