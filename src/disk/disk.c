#include "disk/disk.h"
#include "disk/block.h"
#include "disk/ramdisk.h"
#include "disk/raw.h"
#include "disk/virtblk.h"
#include "files/proc.h"
#include "lib/errno.h"
#include "machine/panic.h"

// Linux's format, without the times: of reads and of writes what the device
// saw, what was joined to those, sectors; then what is under way, and flushes.
static int64_t disk_write_stats(struct text *text, struct process *process)
{
	struct block_device *device;
	(void)process;

	for (unsigned n = 0; (device = block_at(n)) != NULL; n++) {
		const struct block_counts *c = &device->counts;
		uint32_t number = raw_number(n);

		text_printf(text, "%4u %7u %s %lu %lu %lu 0 %lu %lu %lu 0 %u",
		            number >> 8, number & 0xff, device->name,
		            c->reads, c->reads_joined, c->sectors_read,
		            c->writes, c->writes_joined, c->sectors_written,
		            device->running);
		text_printf(text, " 0 0 0 0 0 0 %lu 0\n", c->flushes);
	}
	return 0;
}

// A line for each: name, sectors, what it can do, serial number.
static int64_t disk_write_list(struct text *text, struct process *process)
{
	struct block_device *device;
	(void)process;

	for (unsigned n = 0; (device = block_at(n)) != NULL; n++)
		text_printf(text, "%s %lu %s%s %s\n", device->name,
		            device->sectors,
		            device->read_only ? "ro" : "rw",
		            device->has_flush ? ",flush" : "",
		            device->serial[0] ? device->serial : "-");
	return 0;
}

void disk_init(void)
{
	ramdisk_init();
	virtblk_init();
	raw_init();
	if (!proc_add_file("diskstats", disk_write_stats) ||
	    !proc_add_file("disks", disk_write_list))
		panic("no memory for /proc/diskstats");
}
