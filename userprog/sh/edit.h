// The line editor.
#pragma once
#include <stdbool.h>

// A line with its newline, valid until the next call.  NULL: end of input, or
// ^C, which also sets `interrupted`.
const char *edit_line(int fd, bool more);
void edit_show_history(void);
