// clone(), as fork() and as vfork().
#pragma once

void clone_init(void);
