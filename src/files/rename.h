// renameat2().
#pragma once

void rename_init(void);
