// The flattened device tree that firmware, or QEMU, passes in a1: what machine
// is this?  Devicetree Specification v0.4, chapter 5.  The tree comes from
// outside, so every offset is checked before it is followed.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FDT_MAX_HARTS 8
#define FDT_MAX_DEPTH 16

// A property, with the nodes that lead to it.
struct fdt_property {
	const char *path[FDT_MAX_DEPTH]; // path[0] is "" (the root)
	int depth;                       // nodes on the path
	const char *name;
	const uint8_t *value;
	uint32_t size;
	uint32_t address_cells, size_cells; // for a reg in this node
};

// Less than 0 ends the walk, which returns it.
typedef int (*fdt_visit)(void *arg, const struct fdt_property *property);

struct fdt_hart {
	uint32_t id;
	bool mmu;    // has an mmu-type
	bool usable; // status is absent, "okay" or "ok"
};

struct fdt_machine {
	uint64_t ram_start, ram_size; // of the memory with 0x80000000 in it
	uint64_t initrd_start, initrd_end;
	const char *bootargs; // inside the tree, with a NUL; NULL: none
	size_t bootargs_size; // without the NUL
	const uint8_t *seed; // random bytes from outside, in the tree
	size_t seed_size;
	uint32_t timebase;    // ticks of mtime per second; 0: unknown
	unsigned harts;       // rows of hart[]; further ones are ignored
	struct fdt_hart hart[FDT_MAX_HARTS];
};

// All return 0, or -EINVAL for what is no well-formed tree.  Nothing at or
// beyond fdt + limit is read.
int fdt_check(const void *fdt, size_t limit);
int fdt_walk(const void *fdt, size_t limit, fdt_visit visit, void *arg);
int fdt_read_machine(const void *fdt, size_t limit, struct fdt_machine *out);

// The whole size that the header claims (checked by fdt_check).
size_t fdt_size(const void *fdt);
