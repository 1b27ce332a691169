// ELF64 (System V ABI, chapters 4 and 5; the RISC-V psABI for e_machine).  A
// program file is input like any other: whatever would surprise the loader is
// refused here, before it has changed anything.
#include "process/elf.h"
#include "lib/errno.h"
#include "lib/string.h"

#define EM_RISCV 243
#define PAGE     4096ul

enum { ELFCLASS64 = 2, ELFDATA2LSB = 1, EV_CURRENT = 1 };
enum { ET_EXEC = 2, ET_DYN = 3 };
enum { PT_LOAD = 1, PT_INTERP = 3, PT_GNU_STACK = 0x6474e551 };

struct header {
	uint8_t magic[4], class, data, ident_version, padding[9];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct phdr {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

_Static_assert(sizeof(struct header) == ELF_HEADER_SIZE, "as in the file");
_Static_assert(sizeof(struct phdr) == ELF_PHDR_SIZE, "as in the file");

// What the format has for others (OS ABI, flags, sections) is ignored, as Linux
// does; the limit on program headers bounds the caller's buffer.
int elf_check_header(const void *buf, size_t len, struct elf_info *out)
{
	struct header h;

	if (len < sizeof(h))
		return -ENOEXEC;
	memcpy(&h, buf, sizeof(h));
	if (memcmp(h.magic, "\177ELF", 4) || h.class != ELFCLASS64 ||
	    h.data != ELFDATA2LSB || h.ident_version != EV_CURRENT)
		return -ENOEXEC;
	if ((h.type != ET_EXEC && h.type != ET_DYN) || h.machine != EM_RISCV ||
	    h.version != EV_CURRENT)
		return -ENOEXEC;
	if (h.phentsize != ELF_PHDR_SIZE || h.phnum == 0 ||
	    h.phnum > ELF_MAX_PHDRS || h.phoff >> 62)
		return -ENOEXEC;
	*out = (struct elf_info){
		.entry = h.entry,
		.phoff = h.phoff,
		.phnum = h.phnum,
		.phentsize = h.phentsize,
		.pie = h.type == ET_DYN,
	};
	return 0;
}

// One segment by itself.  vaddr and offset must agree within the page, for a
// page of the file becomes a page of memory.
static bool valid(const struct phdr *p, bool pie, uint64_t file_size)
{
	// Differences, not sums: any of these numbers may be 2^64 - 1.
	uint64_t lowest = pie ? 0 : ELF_USER_START;

	return p->filesz <= p->memsz && p->offset <= file_size &&
	       p->filesz <= file_size - p->offset && p->vaddr >= lowest &&
	       p->vaddr < ELF_USER_END && p->memsz <= ELF_USER_END - p->vaddr &&
	       (p->vaddr - p->offset) % PAGE == 0 &&
	       (p->flags & (ELF_W | ELF_X)) != (ELF_W | ELF_X);
}

static uint64_t end_of(const struct elf_segment *s)
{
	return s->vaddr + s->memsz;
}

// Two segments may meet within a page only if it can serve both.
static bool collide(const struct elf_segment *low,
                    const struct elf_segment *high)
{
	if (low->flags == high->flags)
		return end_of(low) > high->vaddr;
	return (end_of(low) + PAGE - 1) / PAGE > high->vaddr / PAGE;
}

// Keeps out[0..n) in ascending order; false if it overlaps a neighbour.
static bool insert(struct elf_segment *out, int n, const struct phdr *p)
{
	struct elf_segment segment = {
		p->vaddr,
		p->memsz,
		p->filesz,
		p->offset,
		p->flags & (ELF_R | ELF_W | ELF_X),
	};
	// Almost always in order already: one comparison.
	int at = n;

	for (; at > 0 && out[at - 1].vaddr > segment.vaddr; at--)
		out[at] = out[at - 1];
	out[at] = segment;
	return (at == 0 || !collide(&out[at - 1], &out[at])) &&
	       (at == n || !collide(&out[at], &out[at + 1]));
}

// Finishes info; false if the entry is not in a segment that may be executed.
static bool describe(struct elf_info *info, const struct elf_segment *out,
                     int n)
{
	uint64_t phdrs_size = (uint64_t)info->phnum * ELF_PHDR_SIZE;
	bool entry_found = false;

	info->start = out[0].vaddr;
	info->end = end_of(&out[n - 1]);
	info->phdr = 0;
	for (const struct elf_segment *s = out; s < out + n; s++) {
		// For AT_PHDR: where the file's headers are in memory, if they
		// are (start-up code of C libraries reads them there).
		if (info->phoff >= s->offset &&
		    info->phoff - s->offset + phdrs_size <= s->filesz)
			info->phdr = s->vaddr + info->phoff - s->offset;
		if (s->flags & ELF_X && info->entry >= s->vaddr &&
		    info->entry < end_of(s))
			entry_found = true;
	}
	return entry_found && info->entry % 2 == 0;
}

// The sum bounds what one program can ask for before any of it is touched.
int elf_check_segments(const void *phdrs, struct elf_info *info,
                       uint64_t file_size, struct elf_segment *out, int max)
{
	uint64_t memory = 0;
	int n = 0;

	for (int i = 0; i < info->phnum; i++) {
		struct phdr p;

		// The buffer need not be aligned.
		memcpy(&p, (const char *)phdrs + i * sizeof(p), sizeof(p));
		if (p.type == PT_INTERP)
			return -ENOEXEC; // wants a dynamic linker
		if (p.type == PT_GNU_STACK && p.memsz <= ELF_MAX_MEMORY)
			info->stack = p.memsz;
		// Notes, TLS and the like lie in the segments that are loaded.
		if (p.type != PT_LOAD || (p.memsz == 0 && p.filesz == 0))
			continue;
		if (n == max || !valid(&p, info->pie, file_size))
			return -ENOEXEC;
		memory += p.memsz;
		if (memory > ELF_MAX_MEMORY)
			return -ENOMEM;
		if (!insert(out, n++, &p))
			return -ENOEXEC;
	}
	return n > 0 && describe(info, out, n) ? n : -ENOEXEC;
}
