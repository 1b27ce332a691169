// Regular expressions, basic and extended.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct pattern;

// NULL: *problem says what is wrong with it.
struct pattern *pattern_new(const char *text, bool extended, bool fold,
                            const char **problem);

// The first and then the longest match in text.
bool pattern_find(const struct pattern *p, const char *text, size_t length,
                  size_t *start, size_t *end);
