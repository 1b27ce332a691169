// wait4(), waitid(): a parent asks what became of its children, and their
// records go.
#pragma once

void reap_init(void);
