// Simple commands: words, assignments, redirections.
#pragma once
#include "tree.h"

int command_run(struct node *n);
void command_replace(struct node *n); // in a child: returns if it is no program
