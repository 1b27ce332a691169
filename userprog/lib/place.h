// Where cp and mv put things: TO is a name, or a directory for all of them.
#pragma once
#include <stdbool.h>

#define PATH_SIZE 512

// "directory/last part of name"; says so and returns false if it is too long.
bool place_join(char to[PATH_SIZE], const char *directory, const char *name);

// Calls act(from, to) for all but the last of the words.
int place_each(char **words, int count,
               int (*act)(const char *from, const char *to));
