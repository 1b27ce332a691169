// src/process/elf.c: one good program, and what is wrong with the others.
#include "claim.h"
#include "lib/errno.h"
#include "process/elf.h"
#include <elf.h>
#include <string.h>

#define FILE_SIZE 0x6000

static struct {
	Elf64_Ehdr h;
	Elf64_Phdr p[4];
} good = {
	.h =
		{
			.e_ident = "\177ELF\2\1\1",
			.e_type = ET_EXEC,
			.e_machine = EM_RISCV,
			.e_version = 1,
			.e_entry = 0x10400,
			.e_phoff = 64,
			.e_ehsize = 64,
			.e_phentsize = 56,
			.e_phnum = 4,
		},
	.p =
		{
			{PT_NOTE, PF_R, 0x100, 0x10100, 0x10100, 8, 8, 4},
			{PT_LOAD, PF_R | PF_X, 0, 0x10000, 0, 0x2100, 0x2100,
                         0x1000},
			{PT_LOAD, PF_R | PF_W, 0x3100, 0x13100, 0, 0x900,
                         0x4000, 0x1000},
			{PT_LOAD, PF_R, 0x5000, 0x20000, 0, 0x1000, 0x1000,
                         0x1000},
		},
};

static struct elf_segment segments[4];
static struct elf_info info;

static int check(int max)
{
	int err = elf_check_header(&good.h, sizeof(good.h), &info);

	return err ? err
	           : elf_check_segments(good.p, &info, FILE_SIZE, segments,
	                                max);
}

static void accepted(void)
{
	CLAIM(check(4) == 3);
	CLAIM(info.entry == 0x10400 && info.phoff == 64 && info.phnum == 4);
	CLAIM(!info.pie && info.phdr == 0x10040);
	CLAIM(info.start == 0x10000 && info.end == 0x21000);
	CLAIM(segments[0].vaddr == 0x10000);
	CLAIM(segments[0].flags == (ELF_R | ELF_X));
	CLAIM(segments[1].vaddr == 0x13100 && segments[1].offset == 0x3100);
	CLAIM(segments[1].memsz == 0x4000 && segments[1].filesz == 0x900);
	CLAIM(segments[1].flags == (ELF_R | ELF_W));
	CLAIM(check(3) == 3);
	CLAIM(check(2) == -ENOEXEC);
	for (size_t n = 0; n < sizeof(good.h); n++)
		CLAIM(elf_check_header(&good.h, n, &info) == -ENOEXEC);
	CLAIM(elf_check_header(&good.h, sizeof(good), &info) == 0);
}

// One field set to another value, and what comes of it.
#define H(field)    &good.h.e_##field, sizeof(good.h.e_##field)
#define P(i, field) &good.p[i].p_##field, sizeof(good.p[i].p_##field)

static const struct {
	const char *what;
	void *field;
	size_t size;
	uint64_t value;
	int result;
} rows[] = {
	{ "not ELF", &good.h.e_ident[0], 1, 0x7e, -ENOEXEC },
	{ "a script", &good.h.e_ident, 2, 0x2123, -ENOEXEC },
	{ "32-bit", &good.h.e_ident[EI_CLASS], 1, ELFCLASS32, -ENOEXEC },
	{ "big-endian", &good.h.e_ident[EI_DATA], 1, ELFDATA2MSB, -ENOEXEC },
	{ "ident version", &good.h.e_ident[EI_VERSION], 1, 2, -ENOEXEC },
	{ "another system's ABI", &good.h.e_ident[EI_OSABI], 1, 3, 3 },
	{ "version", H(version), 0, -ENOEXEC },
	{ "x86", H(machine), EM_X86_64, -ENOEXEC },
	{ "an object file", H(type), ET_REL, -ENOEXEC },
	{ "a core file", H(type), ET_CORE, -ENOEXEC },
	{ "position-independent", H(type), ET_DYN, 3 },
	{ "phentsize", H(phentsize), 32, -ENOEXEC },
	{ "no program headers", H(phnum), 0, -ENOEXEC },
	{ "too many program headers", H(phnum), 65, -ENOEXEC },
	{ "all program headers there are", H(phnum), 0xffff, -ENOEXEC },
	{ "phoff wraps", H(phoff), -16, -ENOEXEC },
	{ "odd entry", H(entry), 0x10401, -ENOEXEC },
	{ "entry 0", H(entry), 0, -ENOEXEC },
	{ "entry in data", H(entry), 0x13200, -ENOEXEC },
	{ "entry behind text", H(entry), 0x12100, -ENOEXEC },
	{ "entry at the last instruction", H(entry), 0x120fe, 3 },
	{ "entry in the kernel", H(entry), 0x80000000, -ENOEXEC },
	{ "headers not mapped", H(phoff), 0x5fff, 3 },
	{ "an interpreter", P(0, type), PT_INTERP, -ENOEXEC },
	{ "nothing to load but data", P(1, type), PT_NULL, -ENOEXEC },
	{ "page 0", P(1, vaddr), 0, -ENOEXEC },
	{ "the kernel's address", P(3, vaddr), 0x80000000, 3 }, // not in Sv39
	{ "beyond the low half", P(3, vaddr), 1ul << 38, -ENOEXEC },
	{ "across the end of the low half", P(3, vaddr), (1ul << 38) - 0x800,
	  -ENOEXEC },
	{ "not canonical", P(3, vaddr), 1ul << 62, -ENOEXEC },
	{ "the high half", P(3, vaddr), -0x1000, -ENOEXEC },
	{ "address wraps", P(3, memsz), -0x20000, -ENOEXEC },
	{ "filesz above memsz", P(3, filesz), 0x1001, -ENOEXEC },
	{ "filesz of everything", P(3, filesz), UINT64_MAX, -ENOEXEC },
	{ "beyond the file", P(3, offset), 0x6000, -ENOEXEC },
	{ "offset wraps", P(3, offset), -0x1000, -ENOEXEC },
	{ "not congruent", P(3, vaddr), 0x20010, -ENOEXEC },
	{ "writable and executable", P(1, flags), 7, -ENOEXEC },
	{ "executable only", P(1, flags), PF_X, 3 },
	{ "strange flags", P(3, flags), 0xfff00004, 3 },
	{ "memory of 1 GiB", P(3, memsz), 1ul << 30, -ENOMEM },
	{ "memory of 64 GiB", P(3, memsz), 1ul << 36, -ENOMEM },
	{ "1 GiB in all", P(3, memsz), (1ul << 30) - 0x6100, 3 },
	{ "1 GiB and a byte", P(3, memsz), (1ul << 30) - 0x60ff, -ENOMEM },
	{ "overlap", P(3, vaddr), 0x14000, -ENOEXEC },
	{ "the same place", P(3, vaddr), 0x10000, -ENOEXEC },
	{ "one page, two permissions", P(3, vaddr), 0x17000, -ENOEXEC },
	{ "next page", P(3, vaddr), 0x18000, 3 },
	{ "lower than the first", P(3, vaddr), 0xf000, 3 },
	{ "an empty segment anywhere", P(3, memsz), 0, -ENOEXEC }, // filesz
};

static void with(void *field, size_t size, uint64_t value)
{
	memcpy(field, &value, size);
}

static void place_last(uint64_t vaddr, uint64_t memsz, uint32_t flags)
{
	good.p[3].p_vaddr = vaddr;
	good.p[3].p_offset = vaddr % 4096;
	good.p[3].p_memsz = memsz;
	good.p[3].p_filesz = 1;
	good.p[3].p_flags = flags;
}

// The last segment where it meets others within a page, or runs into them.
static void neighbours(void)
{
	place_last(0x17100, 0x100, PF_R);
	CLAIM(check(4) == -ENOEXEC);
	place_last(0x17100, 0x100, PF_R | PF_W);
	CLAIM(check(4) == 3);
	place_last(0x170ff, 0x100, PF_R | PF_W);
	CLAIM(check(4) == -ENOEXEC);
	place_last(0xf000, 0x1000, PF_R);
	CLAIM(check(4) == 3);
	place_last(0xf000, 0x1001, PF_R);
	CLAIM(check(4) == -ENOEXEC);
	place_last(0x12f00, 0x200, PF_R | PF_W);
	CLAIM(check(4) == -ENOEXEC); // shares the page of the text's end
	place_last(0x13000, 0x100, PF_R | PF_W);
	CLAIM(check(4) == 3);
	place_last(0x20000, 0x1000, PF_R);
}

void test_elf(void)
{
	accepted();
	for (size_t i = 0; i < COUNT(rows); i++) {
		char saved[sizeof(good)];

		memcpy(saved, &good, sizeof(good));
		with(rows[i].field, rows[i].size, rows[i].value);
		ROW_CLAIM(rows[i].what, check(4) == rows[i].result);
		for (int s = 1; s < rows[i].result; s++)
			ROW_CLAIM(rows[i].what,
			          segments[s - 1].vaddr < segments[s].vaddr);
		memcpy(&good, saved, sizeof(good));
	}
	neighbours();
	good.p[3].p_memsz = good.p[3].p_filesz = 0;
	CLAIM(check(4) == 2);
	good.h.e_type = ET_DYN;
	good.h.e_entry -= 0x10000;
	good.p[1].p_vaddr = 0;
	CLAIM(check(4) == 2 && info.pie && info.start == 0);
	good.h.e_phoff = 0x2100;
	CLAIM(check(4) == 2 && info.phdr == 0);
}
