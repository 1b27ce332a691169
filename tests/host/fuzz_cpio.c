// Whatever the archive: no wild read, and every entry is a step forward.
#include "files/cpio.h"
#include <stdlib.h>
#include <string.h>

volatile unsigned sum; // so that what is read is used

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = memcpy(malloc(size ? size : 1), data, size);
	struct cpio archive = {copy, size};
	struct cpio_entry e;
	size_t offset = 0, before = 0;
	int result;

	while ((result = cpio_next(&archive, &offset, &e)) == 1) {
		if (offset <= before || strlen(e.name) != e.name_size)
			abort();
		before = offset;
		for (uint32_t i = 0; i < e.size; i++)
			sum += ((const char *)e.data)[i];
	}
	if (result > 1)
		abort();
	free(copy);
	return 0;
}
