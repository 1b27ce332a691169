// Patterns of names: * ? [a-z] [!a-z], and \ before what is only itself.
#pragma once
#include <stdbool.h>
#include <stddef.h>

// Whether all of the text up to `end` matches.  A / is a character like others.
bool wildcard_match(const char *pattern, const char *text, const char *end);
