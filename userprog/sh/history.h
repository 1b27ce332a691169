// The lines that were entered, the oldest first.
#pragma once

void history_add(const char *line);
const char *history_line(int index); // NULL: there is none
int history_count(void);
