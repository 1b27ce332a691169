// What was written before a flush that fails may be lost: all who have waited
// for it must hear of it, and those who ask later, until it is written again.
#include "disk/cache.h"
#include "disk/park.h"
#include "disk/transport.h"
#include "disk/writeback.h"
#include "host.h"
#include "lib/errno.h"
#include "process/task.h"
#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

static struct disk disk;
static struct cache_disk below;

struct asker {
	struct ktask task;
	uint64_t clock;
	int64_t answer;
};

static int64_t ask(struct ktask *task)
{
	struct asker *a = container_of(task, struct asker, task);

	park_task = &task->waiting;
	a->answer = transport_flush(&below, a->clock);
	park_task = NULL;
	return a->answer;
}

static void ask_together(struct asker *askers, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		askers[i].clock = below.clock;
		askers[i].task.poll = ask;
		ktask_spawn(&askers[i].task);
	}
	work();
}

int main(void)
{
	static const uint8_t image[1 << 16];
	struct asker askers[3] = { 0 }, late = { 0 };

	alarm(20); // who asks again and again does not end
	disk_open(&disk, image, sizeof image);
	disk.deferred = true;
	cache_disk_init(&below, &disk.device);
	transport_wrote(&below);
	disk.fail_writes = 1;
	ask_together(askers, 3);
	for (int i = 0; i < 3; i++)
		assert(askers[i].answer == -EIO);
	disk.fail_writes = 0;
	ask_together(&late, 1);
	assert(late.answer == -EIO);
	transport_wrote(&below); // written again
	ask_together(&late, 1);
	assert(late.answer == 0);
	late.clock = askers[0].clock;
	ktask_spawn(&late.task);
	work();
	assert(late.answer == -EIO); // still not known of the first time
	disk_close(&disk);
	printf("flushes: all is so\n");
	return 0;
}
