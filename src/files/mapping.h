// Files in the address space: mmap() of a descriptor.
#pragma once
#include <stdint.h>

struct call;
struct inode;

// Changes the size of a regular file that can be changed, for a call.  What is
// cut off is in no address space when it answers 0; until then, PENDING, the
// call goes on with it.  Else an error of inode_ops.resize().
int64_t mapping_resize(struct call *call, struct inode *inode, uint64_t size);

void mapping_init(void);
