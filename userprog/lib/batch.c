#include "linux.h"

#include <sys/batch.h>

#define SYS_BATCH        1100
#define SYS_BATCH_CANCEL 1101

int batch(struct batch_call *calls, int count, int wanted, uint32_t *done)
{
	return linux_result(CALL4(SYS_BATCH, calls, count, wanted, done));
}

int batch_cancel(struct batch_call *call)
{
	return linux_result(CALL1(SYS_BATCH_CANCEL, call));
}
