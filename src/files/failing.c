#include "files/failing.h"
#include "files/device.h"
#include "files/transfer.h"
#include "lib/errno.h"
#include "machine/board.h"
#include "machine/panic.h"
#include "memory/page.h"

static int64_t failing_write(struct file *file, struct transfer *from,
                             uint64_t offset)
{
	char text[16];
	size_t size = from->left, at = 0;
	uint64_t number = 0;
	int64_t err = size < sizeof text ? transfer_in(from, text, size)
	                                 : -EINVAL;
	(void)file, (void)offset;

	if (err)
		return err;
	while (at < size && text[at] >= '0' && text[at] <= '9')
		number = 10 * number + text[at++] - '0';
	if (at == 0)
		return -EINVAL;
	page_fail_every(number);
	return size;
}

static const struct file_ops failing_ops = { .write = failing_write };

void failing_init(void)
{
	size_t length;

	if (board_arg("failalloc", &length) &&
	    !device_add("failalloc", 60, 0, &failing_ops))
		panic("no memory for /dev/failalloc");
}
