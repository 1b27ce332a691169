// src/machine/fdt.c: QEMU's own tree (its file named by FDT_VIRT), and small
// ones made here: right, cut off, and spoiled in every byte.
#include "claim.h"
#include "lib/errno.h"
#include "machine/fdt.h"
#include <stdlib.h>
#include <string.h>

static uint8_t tree[4096], strings[512];
static size_t size, strings_size;

static void put32(size_t at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		tree[at + i] = value >> (24 - 8 * i);
}

static void token(uint32_t value)
{
	put32(size, value);
	size += 4;
}

static void begin(const char *name)
{
	token(1);
	strcpy((char *)tree + size, name);
	size += (strlen(name) + 4) & ~3ul;
}

static void prop(const char *name, const void *value, uint32_t n)
{
	token(3);
	token(n);
	token(strings_size);
	strcpy((char *)strings + strings_size, name);
	strings_size += strlen(name) + 1;
	memcpy(tree + size, value, n);
	size += (n + 3) & ~3ul;
}

static void prop_cells(const char *name, int n, uint32_t a, uint32_t b,
                       uint32_t c, uint32_t d)
{
	uint32_t all[] = { a, b, c, d };

	for (int i = 0; i < n; i++)
		all[i] = __builtin_bswap32(all[i]);
	prop(name, all, 4 * n);
}

static void start_tree(void)
{
	memset(tree, 0, sizeof(tree));
	size = 40 + 16; // header, an empty list of reservations
	strings_size = 0;
	begin("");
}

static void end_tree(void)
{
	token(2);
	token(9);
	memcpy(tree + size, strings, strings_size);
	put32(0, 0xd00dfeed);
	put32(4, size + strings_size);
	put32(8, 56);
	put32(12, size);
	put32(16, 40);
	put32(20, 17);
	put32(24, 16);
	put32(32, strings_size);
	put32(36, size - 56);
	size += strings_size;
}

// One cell for addresses, two memories, a hart that is off, one with no MMU.
static void small_tree(void)
{
	start_tree();
	prop_cells("#address-cells", 1, 1, 0, 0, 0);
	prop_cells("#size-cells", 1, 1, 0, 0, 0);
	begin("memory@10000000");
	prop_cells("reg", 2, 0x10000000, 0x20000, 0, 0);
	token(2);
	begin("memory@80000000");
	prop_cells("reg", 4, 0x1000, 0x1000, 0x80000000, 0x4000000);
	token(2);
	token(4); // NOP
	begin("cpus");
	prop_cells("#address-cells", 1, 1, 0, 0, 0);
	prop_cells("#size-cells", 1, 0, 0, 0, 0);
	prop_cells("timebase-frequency", 1, 1000000, 0, 0, 0);
	begin("cpu@3");
	prop_cells("reg", 1, 3, 0, 0, 0);
	prop("status", "disabled", 9);
	begin("interrupt-controller");
	prop_cells("reg", 1, 77, 0, 0, 0);
	token(2);
	token(2);
	begin("cpu@5");
	prop("status", "okay", 5);
	prop("mmu-type", "riscv,sv39", 11);
	prop_cells("reg", 1, 5, 0, 0, 0);
	token(2);
	begin("cpu-map");
	prop_cells("reg", 1, 9, 0, 0, 0);
	token(2);
	token(2);
	begin("chosen");
	prop("bootargs", "tick=always  cmd=echo $x", 25);
	prop_cells("linux,initrd-start", 1, 0x82000000, 0, 0, 0);
	prop_cells("linux,initrd-end", 2, 0, 0x82001000, 0, 0);
	token(2);
	end_tree();
}

// Read from a block of exactly n bytes.
static int read_cut(const void *data, size_t n, struct fdt_machine *machine)
{
	char *copy = malloc(n ? n : 1);

	memcpy(copy, data, n);

	int err = fdt_read_machine(copy, n, machine);

	free(copy);
	return err;
}

static void as_built(void)
{
	struct fdt_machine m;

	small_tree();
	CLAIM(fdt_check(tree, size) == 0 && fdt_size(tree) == size);
	CLAIM(fdt_read_machine(tree, sizeof(tree), &m) == 0);
	CLAIM(m.ram_start == 0x80000000 && m.ram_size == 0x4000000);
	CLAIM(m.harts == 2 && m.timebase == 1000000);
	CLAIM(m.hart[0].id == 3 && !m.hart[0].usable && !m.hart[0].mmu);
	CLAIM(m.hart[1].id == 5 && m.hart[1].usable && m.hart[1].mmu);
	CLAIM(!strcmp(m.bootargs, "tick=always  cmd=echo $x"));
	CLAIM(m.bootargs_size == 24);
	CLAIM(m.initrd_start == 0x82000000 && m.initrd_end == 0x82001000);
	for (size_t n = 0; n < size; n++)
		CLAIM(read_cut(tree, n, &m) == -EINVAL && m.harts == 0);
}

static void any_byte(const uint8_t *data, size_t n)
{
	uint8_t *copy = malloc(n);
	struct fdt_machine m;

	for (size_t i = 0; i < n; i++) {
		static const uint8_t with[] = { 0, 0x01, 0x7f, 0x80, 0xff };

		memcpy(copy, data, n);
		for (size_t w = 0; w < COUNT(with); w++) {
			copy[i] = with[w];
			int err = fdt_read_machine(copy, n, &m);
			CLAIM(err == 0 || err == -EINVAL);
		}
	}
	free(copy);
}

// One number of the header, spoiled.
static const struct {
	const char *what;
	int at;
	uint32_t value;
} spoiled[] = {
	{ "magic", 0, 0xedfe0dd0 },
	{ "total size", 4, 0xffffffff },
	{ "total size too small", 4, 60 },
	{ "structure outside", 8, 0xfffffffc },
	{ "structure not aligned", 8, 57 },
	{ "structure in the header", 8, 0 },
	{ "strings outside", 12, 0x80000000 },
	{ "a later format", 24, 18 },
	{ "strings too long", 32, 0xffffffff },
	{ "strings without a NUL", 32, 7 },
	{ "no strings", 32, 0 },
	{ "structure too long", 36, 0xffffffff },
	{ "structure cut off", 36, 64 },
	{ "no structure", 36, 0 },
	{ "begins with a property", 56, 3 },
	{ "begins with an end", 56, 2 },
	{ "unknown token", 56, 5 },
	{ "property of 4 GiB", 68, 0xffffffff },
	{ "property name outside", 72, 4000 },
	{ "address cells", 76, 5 },
};

// A tree with one property of n bytes.
static int read_with(const char *node, const char *name, uint32_t n)
{
	struct fdt_machine m;

	start_tree();
	begin(node);
	prop(name, "anything at all", n);
	token(2);
	end_tree();
	return read_cut(tree, size, &m);
}

static void wrong_shapes(void)
{
	struct fdt_machine m;

	for (size_t i = 0; i < COUNT(spoiled); i++) {
		small_tree();
		put32(spoiled[i].at, spoiled[i].value);
		ROW_CLAIM(spoiled[i].what, read_cut(tree, size, &m) == -EINVAL);
	}
	small_tree();
	put32(32, strings_size - 1); // the last string has no NUL
	CLAIM(read_cut(tree, size, &m) == -EINVAL);
	small_tree();
	for (uint32_t n = 0, whole = size - strings_size - 56; n < whole; n++) {
		put32(36, n);
		CLAIM(read_cut(tree, size, &m) == -EINVAL);
	}
	CLAIM(read_with("chosen", "linux,initrd-end", 3) == -EINVAL);
	CLAIM(read_with("chosen", "linux,initrd-end", 4) == 0);
	CLAIM(read_with("cpus", "timebase-frequency", 12) == -EINVAL);
	CLAIM(read_with("cpus", "timebase-frequency", 8) == 0);
	CLAIM(read_with("elsewhere", "timebase-frequency", 12) == 0);
	start_tree();
	for (int i = 0; i < 40; i++)
		begin("deep");
	for (int i = 0; i < 40; i++)
		token(2);
	prop("x", "", 0);
	end_tree();
	CLAIM(read_cut(tree, size, &m) == -EINVAL);
	start_tree();
	token(2); // a second root
	begin("");
	end_tree();
	CLAIM(read_cut(tree, size, &m) == -EINVAL);
	start_tree();
	begin("chosen");
	prop("bootargs", "no NUL", 6);
	token(2);
	end_tree();
	CLAIM(read_cut(tree, size, &m) == -EINVAL);
}

static void many_harts(void)
{
	struct fdt_machine m;

	start_tree();
	begin("cpus");
	prop_cells("#address-cells", 1, 2, 0, 0, 0);
	prop_cells("timebase-frequency", 2, 0, 10000000, 0, 0);
	for (uint32_t i = 0; i < 20; i++) {
		begin("cpu");
		prop_cells("reg", 2, 0, i, 0, 0);
		token(2);
	}
	token(2);
	end_tree();
	CLAIM(read_cut(tree, size, &m) == 0 && m.harts == FDT_MAX_HARTS);
	CLAIM(m.hart[7].id == 7 && m.timebase == 10000000);
	CLAIM(m.ram_size == 0 && m.bootargs == NULL && m.initrd_end == 0);
}

static void qemu_virt(void)
{
	static uint8_t data[1 << 20];
	const char *name = getenv("FDT_VIRT");
	FILE *file = name ? fopen(name, "rb") : NULL;
	struct fdt_machine m;
	size_t n;

	if (!file)
		return;
	n = fread(data, 1, sizeof(data), file);
	fclose(file);
	CLAIM(fdt_read_machine(data, n, &m) == 0);
	CLAIM(m.ram_start == 0x80000000 && m.ram_size == 128 << 20);
	CLAIM(m.harts == 3 && m.hart[2].id == 2 && m.hart[2].mmu);
	CLAIM(m.hart[0].usable && m.timebase == 10000000);
	CLAIM(!strcmp(m.bootargs, "paced cmd=ls '$HOME'; x"));
	any_byte(data, fdt_size(data));
	for (size_t cut = 0; cut < fdt_size(data); cut++)
		CLAIM(read_cut(data, cut, &m) == -EINVAL);
}

void test_fdt(void)
{
	struct fdt_machine m;

	CLAIM(fdt_read_machine(NULL, 4096, &m) == -EINVAL);
	as_built();
	any_byte(tree, size);
	wrong_shapes();
	many_harts();
	qemu_virt();
}
