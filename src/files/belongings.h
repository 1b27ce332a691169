// What a process has, as links in /proc/PID: where it is (cwd, root), what it
// executes (exe), and in the directory fd its open files.  Following one leads
// to the very file, whether or not its text is a path to it.
#pragma once
#include "files/inode.h"

// The one of that name in the directory of a process; -ENOENT.  `root` is that
// of /proc.
int64_t belonging_lookup(struct inode *root, int pid, const char *name,
                         size_t size, struct inode **out);

// Tells of all of them, with cursors that begin behind `place`; false if the
// sink has had enough.
bool belonging_list(int pid, uint64_t place, uint64_t from, entry_sink sink,
                    void *arg);
