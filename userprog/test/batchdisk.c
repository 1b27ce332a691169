// Calls in a batch that have to wait for a disk: each of them waits by itself.
//   batchdisk FILE        which is not in memory yet
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/batch.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT 16
#define STEP 65536L // further than is read ahead at once

static struct batch_call calls[COUNT];
static char bytes[COUNT][4096];

int main(int argc, char **argv)
{
	int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1, right = 0, done;

	for (int i = 0; i < COUNT; i++)
		calls[i] = (struct batch_call){
			.number = SYS_pread64,
			.argument = { fd, (uint64_t)bytes[i], sizeof bytes[i],
			              (COUNT - 1 - i) * STEP },
		};
	done = batch(calls, COUNT, COUNT, NULL);
	for (int i = 0; i < COUNT; i++) {
		char again[4096];

		pread(fd, again, sizeof again, (COUNT - 1 - i) * STEP);
		right += calls[i].result == sizeof again &&
		         memcmp(again, bytes[i], sizeof again) == 0;
	}
	printf("%d done, %d right\n", done, right);
	return right != COUNT;
}
