// Names for addresses of kernel text: the table that tools/symbols makes from
// the first link and the second link appends.
#pragma once
#include <stdint.h>

// The name of the function that holds `at`, and how far in; NULL outside.
const char *symbol_name(uintptr_t at, uintptr_t *offset);

// One line of a backtrace: "  80001234 trap+12".
void symbol_print(uintptr_t at);
