// errno, one for each thread.
#include <errno.h>
#include <reent.h>
#include "thread.h"

int *__errno(void)
{
	struct thread *self = thread_self();

	return self ? &self->error : &_REENT->_errno;
}
