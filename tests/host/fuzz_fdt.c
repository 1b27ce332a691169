// Whatever the device tree: no wild read, and what is reported lies inside.
#include "machine/fdt.h"
#include <stdlib.h>
#include <string.h>

volatile unsigned sum; // so that what is read is used

static int visit(void *arg, const struct fdt_property *property)
{
	(void)arg;
	sum += strlen(property->name);
	for (int i = 0; i < property->depth; i++)
		sum += strlen(property->path[i]);
	for (uint32_t i = 0; i < property->size; i++)
		sum += property->value[i];
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = memcpy(malloc(size ? size : 1), data, size);
	struct fdt_machine machine;

	int walked = fdt_walk(copy, size, visit, NULL);
	int err = fdt_read_machine(copy, size, &machine);

	if (err > 0 || walked > 0 || (!err && walked) ||
	    machine.harts > FDT_MAX_HARTS ||
	    machine.initrd_end < machine.initrd_start ||
	    (err && (machine.bootargs || machine.ram_size)))
		abort();
	if (machine.bootargs &&
	    strlen(machine.bootargs) != machine.bootargs_size)
		abort();
	free(copy);
	return 0;
}
