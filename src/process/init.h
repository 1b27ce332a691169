// Process 1: born from nothing, it executes its program like any other.
#pragma once

// Makes process 1, which executes `path` with these arguments (7 at most).
void init_start(const char *path, const char *const arguments[], int count);
