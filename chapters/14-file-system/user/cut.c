// A power cut: one file was promised by fsync(), one was given a new version by
// rename(), and one was only written.  Then the kernel keeps what the disk has.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SYS_cut 500 // of this chapter's kernel

long raw_syscall(long number, ...);

static void put(const char *path, const char *text, int promise)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0644);

	write(fd, text, strlen(text));
	if (promise)
		fsync(fd);
	close(fd);
}

int main(void)
{
	put("/mnt/letter", "the old letter\n", 1);
	put("/mnt/letter.new", "the new letter\n", 1);
	rename("/mnt/letter.new", "/mnt/letter");
	put("/mnt/promised", "fsync() has returned\n", 1);
	put("/mnt/hoped", "nobody has said that this is on the disk\n", 0);
	raw_syscall(SYS_cut);
	return 0;
}
