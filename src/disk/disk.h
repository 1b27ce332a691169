// Floor 13: the disks of the machine.
#pragma once

// Finds them and names them in /dev.
void disk_init(void);
