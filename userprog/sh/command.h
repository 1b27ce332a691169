// Simple commands: words, assignments, redirections.
#pragma once
#include "tree.h"

int command_run(struct node *n);
bool command_is_program(struct node *n); // without a doubt
void command_replace(struct node *n); // in a child: returns if it is no program
