#include "files/files.h"
#include "files/attribute.h"
#include "files/change.h"
#include "files/console.h"
#include "files/descriptor.h"
#include "files/device.h"
#include "files/directory.h"
#include "files/failing.h"
#include "files/file.h"
#include "files/initrd.h"
#include "files/io.h"
#include "files/mapping.h"
#include "files/newlib.h"
#include "files/open.h"
#include "files/place.h"
#include "files/proc.h"
#include "files/random.h"
#include "files/rename.h"
#include "files/stat.h"

void files_init(void)
{
	random_init();
	initrd_init(); // the root, on which the others are mounted
	device_init();
	failing_init();
	proc_init();
	console_init(); // a device, and a line of /proc/kernel
	file_init(); // what each process has: open files,
	place_init(); // and where it is
	open_init(); // the calls
	io_init();
	descriptor_init();
	stat_init();
	mapping_init();
	directory_init();
	change_init();
	rename_init();
	attribute_init();
	newlib_init();
}
