// Patterns: * ? [a-z] [!a-z], and \ before what is only itself.
#pragma once
#include <stdbool.h>
#include "expand.h"

bool glob_has_magic(const char *pattern);
bool glob_match(const char *pattern, const char *text);

// Adds the names of files that match, sorted; false if there is none.
bool glob(const char *pattern, struct fields *out);

// ${x#p} and ${x%p}: how much of text a match at its start or end takes.
size_t glob_prefix(const char *pattern, const char *text, bool longest);
size_t glob_suffix(const char *pattern, const char *text, bool longest);
