// What /proc tells of families: states, parents, groups, threads.
#pragma once

void census_init(void);
