// The files that tests begin with, of every kind.
#include "files.h"

void prepare_files(void)
{
	do_mkdir("a");
	do_mkdir("b");
	do_mkdir("empty");
	do_mkdir("a/sub");
	do_create("old", S_IFREG | 0644);
	do_write("old", 0, 12345, 1);
	do_create("other", S_IFREG | 0600);
	do_write("other", 0, 5000, 2);
	do_create("big", S_IFREG | 0644);
	do_write("big", 0, 30 * 4096, 3);
	do_create("a/leaf", S_IFREG | 0644);
	do_symlink("old", "link");
	for (int i = 0; i < 30; i++) {
		char name[64];

		snprintf(name, sizeof name, "a/some-name-of-a-file-%d", i);
		do_create(name, S_IFREG | 0644);
	}
}
