// Floor 9 as a whole: its table of contents.
#pragma once

void files_init(void);
