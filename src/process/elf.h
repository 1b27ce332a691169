// Checks ELF64 program files before anything is believed.  The headers may
// have to be read from a slow file, so the caller brings them in two buffers:
// first the file's header, then the program headers that it points to.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_HEADER_SIZE 64
#define ELF_PHDR_SIZE   56
#define ELF_MAX_PHDRS   64

#define ELF_USER_START 0x1000ul    // page 0 stays unmapped
#define ELF_USER_END   (1ul << 38) // the low half of Sv39
#define ELF_MAX_MEMORY (1ul << 30) // of all segments together

enum {
	ELF_X = 1, // as p_flags has them
	ELF_W = 2,
	ELF_R = 4,
};

struct elf_info {
	uint64_t entry;
	uint64_t phoff;      // where the program headers are in the file
	uint16_t phnum;      // at most ELF_MAX_PHDRS
	uint16_t phentsize;  // always ELF_PHDR_SIZE
	bool pie;            // ET_DYN: may be loaded anywhere
	uint64_t phdr;       // their address in memory; 0: not mapped
	uint64_t start, end; // lowest and highest address of the segments
	uint64_t stack;      // bytes that it wants for that; 0: as usual
};

struct elf_segment {
	uint64_t vaddr, memsz, filesz, offset;
	uint32_t flags; // ELF_R | ELF_W | ELF_X
};

// buf: the first len bytes of the file, ELF_HEADER_SIZE or more of them.
// 0, or -ENOEXEC.
int elf_check_header(const void *buf, size_t len, struct elf_info *out);

// phdrs: info->phnum * ELF_PHDR_SIZE bytes.  Fills out with the segments to
// load, in ascending order, and the rest of info; their number, or -ENOEXEC, or
// -ENOMEM for more memory than any program gets.
int elf_check_segments(const void *phdrs, struct elf_info *info,
                       uint64_t file_size, struct elf_segment *out, int max);
