// usage: use IMAGE [-d] [-l PAGES] [OPERATION PATH]...
// Mounts the image, does what it is told and unmounts it; what came of each is
// printed, and the image is changed in place.  Operations: look, list, create,
// mkdir, unlink, write, fsync, commit (of all, without waiting: PATH says
// nothing).
//   -d   the disk answers later, in any order
//   -l   so many dirty pages are too many
#include "disk/cache.h"
#include "disk/writeback.h"
#include "files.h"
#include "lib/errno.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LARGEST (256 << 20)

static int64_t look(const char *path)
{
	int64_t err;
	struct inode *inode = find_path(path, &err);

	if (inode)
		inode_put(inode);
	return err;
}

static void show(void *unused, const char *name, size_t size)
{
	(void)unused;
	printf("  %.*s\n", (int)size, name);
}

static int64_t list(const char *path)
{
	int64_t err;
	struct inode *inode = find_path(path, &err);

	if (inode == NULL)
		return err;
	err = each_name(inode, show, NULL);
	inode_put(inode);
	return err;
}

static int64_t commit(const char *unused)
{
	(void)unused;
	begin_commit();
	return 0;
}

static int64_t create(const char *path)
{
	return do_create(path, S_IFREG | 0644);
}

static int64_t write_some(const char *path)
{
	return do_write(path, 0, 10000, 1);
}

static const struct {
	const char *name;
	int64_t (*run)(const char *path);
} operations[] = {
	{ "look", look },       { "list", list },
	{ "create", create },   { "mkdir", do_mkdir },
	{ "unlink", do_unlink }, { "write", write_some },
	{ "fsync", do_fsync },  { "commit", commit },
};

static void operate(const char *name, const char *path)
{
	for (size_t i = 0; i < COUNT(operations); i++)
		if (strcmp(name, operations[i].name) == 0)
			printf("%s %s: %ld\n", name, path,
			       (long)operations[i].run(path));
}

int main(int argc, char **argv)
{
	FILE *file = argc >= 2 ? fopen(argv[1], "r+b") : NULL;
	static struct disk disk;
	size_t size, limit = 2000;
	uint8_t *image;
	int i = 2;

	if (file == NULL)
		return 2;
	setvbuf(stdout, NULL, _IONBF, 0);
	alarm(20); // a loop ends the test
	image = malloc(LARGEST);
	size = fread(image, 1, LARGEST, file);
	disk_open(&disk, image, size);
	for (; i < argc && argv[i][0] == '-'; i++) {
		if (argv[i][1] == 'd')
			disk.deferred = true;
		if (argv[i][1] == 'l' && i + 1 < argc)
			limit = strtoul(argv[++i], NULL, 0);
	}
	cache_init(1024);
	writeback_init(limit);
	if (do_mount(&disk) == 0) {
		for (; i + 1 < argc; i += 2)
			operate(argv[i], argv[i + 1]);
		printf("%s\n", fs->read_only ? "read-only" : "writable");
		do_unmount();
	}
	rewind(file);
	fwrite(disk.bytes, 1, size, file);
	fclose(file);
	disk_close(&disk);
	free(image);
	printf("%lu blocks of memory kept\n", memory_blocks - 1);
	return memory_blocks != 1;
}
