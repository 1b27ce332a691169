#include "history.h"
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include "edit.h"

#define MAX_LINES 100
static char *lines[MAX_LINES];
static int count, dropped;

void history_add(const char *line)
{
	// Neither nothing nor the same again is worth a place.
	if (!*line || (count > 0 && strcmp(lines[count - 1], line) == 0))
		return;
	if (count == MAX_LINES) {
		free(lines[0]);
		memmove(lines, lines + 1, (MAX_LINES - 1) * sizeof *lines);
		count--;
		dropped++;
	}
	lines[count] = strdup(line);
	if (lines[count])
		count++;
}

const char *history_line(int index)
{
	return index >= 0 && index < count ? lines[index] : NULL;
}

int history_count(void)
{
	return count;
}

void edit_show_history(void)
{
	for (int i = 0; i < count; i++)
		print("%4d  %s\n", dropped + i + 1, lines[i]);
}
