// The calls on descriptors themselves: dup(), dup3(), fcntl().
#pragma once

void descriptor_init(void);
