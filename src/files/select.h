// pselect6(): the same as ppoll(), with sets of descriptors.
#pragma once

void select_init(void);
