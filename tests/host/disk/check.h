// A checker of its own for images of ext2: what e2fsck -fn would complain of,
// as far as these tests can break it, some thousand times faster.  It shares
// nothing with the file system but the layout of its records.
#pragma once
#include <stddef.h>
#include <stdint.h>

// NULL: all is well; else what is wrong, first of all.
const char *check_image(const uint8_t *image, size_t size);

// All blocks that nobody has get this byte.
void fill_free_blocks(uint8_t *bytes, uint8_t with);
