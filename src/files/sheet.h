// An open file whose text is written when it is read: made anew at each read
// from its start, and kept for the small reads that follow.
#pragma once
#include "files/file.h"
#include "files/proc.h"

// Makes the file one; pid is whom the writer is to tell of, 0: nobody.
int64_t sheet_open(struct file *file, proc_writer writer, int pid);
