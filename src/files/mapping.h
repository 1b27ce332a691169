// Files in the address space: mmap() of a descriptor.
#pragma once

void mapping_init(void);
