// Who ends when memory is out: the largest process, not whoever happened to
// need the next page.
#pragma once

void victim_init(void);
