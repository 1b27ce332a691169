// The children of a process that ends: process 1 takes them.
#pragma once
#include "process/process.h"

// All of them.
void orphans_leave(struct process *leader);

// Of a process that is about to end: some of very many children go before.
// True: it is to be asked again.
bool orphans_part(struct process *process);
