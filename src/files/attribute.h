// Calls that change what is known of a file: truncate(), chmod(), chown(),
// utimensat() and their kin.
#pragma once

void attribute_init(void);
