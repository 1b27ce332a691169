// /dev/failalloc, for tests: N written to it makes every N-th allocation of
// the kernel fail as if memory were out, 0 none.  It is there only with the
// boot argument `failalloc`.
#pragma once

void failing_init(void);
