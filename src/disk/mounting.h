// mount(), umount2() and syncfs() of disks with ext2.
#pragma once

void mounting_init(void);
