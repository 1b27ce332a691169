// Whatever the program file: what is accepted keeps every promise of elf.h.
#include "process/elf.h"
#include <stdlib.h>
#include <string.h>

#define MAX 8

static void demand(int holds)
{
	if (!holds)
		abort();
}

static void check_segment(const struct elf_segment *s,
                          const struct elf_info *info, size_t file_size)
{
	demand(s->memsz > 0 && s->filesz <= s->memsz);
	demand(s->memsz <= ELF_MAX_MEMORY && s->vaddr < ELF_USER_END);
	demand(s->vaddr + s->memsz <= ELF_USER_END);
	demand(info->pie || s->vaddr >= ELF_USER_START);
	demand(s->offset <= file_size && s->filesz <= file_size - s->offset);
	demand(s->offset % 4096 == s->vaddr % 4096);
	demand((s->flags & (ELF_W | ELF_X)) != (ELF_W | ELF_X));
	demand(s->vaddr >= info->start && s->vaddr + s->memsz <= info->end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_segment out[MAX];
	struct elf_info info;
	size_t header = size < ELF_HEADER_SIZE ? size : ELF_HEADER_SIZE;
	int entry_found = 0;

	if (elf_check_header(data, header, &info))
		return 0;

	size_t need = (size_t)info.phnum * ELF_PHDR_SIZE;

	if (info.phoff > size || need > size - info.phoff)
		return 0;

	void *phdrs = memcpy(malloc(need), data + info.phoff, need);
	int n = elf_check_segments(phdrs, &info, size, out, MAX);

	free(phdrs);
	demand(n <= MAX && n != 0);
	for (int i = 0; i < n; i++) {
		check_segment(&out[i], &info, size);
		demand(i == 0 ||
		       out[i].vaddr >= out[i - 1].vaddr + out[i - 1].memsz);
		entry_found |= out[i].flags & ELF_X &&
		               info.entry >= out[i].vaddr &&
		               info.entry < out[i].vaddr + out[i].memsz;
	}
	demand(n < 0 || entry_found);
	return 0;
}
