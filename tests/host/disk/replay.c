// usage: replay IMAGE [BLOCK]
// Mounts the image, which replays its journal and works off its orphans, and
// unmounts it again; the image is changed in place.  With a BLOCK, that one is
// changed through the journal so that it begins like one of the journal's own,
// and the image is as it is when power fails after that is committed.
#include "disk/cache.h"
#include "disk/writeback.h"
#include "files.h"
#include <stdlib.h>
#include <string.h>

static uint32_t block;

static int64_t change(void *unused)
{
	struct journal *j = &fs->journal;
	struct cache_page *page;
	int64_t err = cache_get(&fs->meta, block, &page);

	(void)unused;
	if (!err)
		err = journal_begin(j, JOURNAL_CREDITS);
	if (err)
		return err;
	err = journal_change(j, page, page->data, sizeof(uint32_t));
	if (err) {
		journal_undo(j);
		return err;
	}
	*(uint32_t *)page->data = be32(JOURNAL_MAGIC);
	journal_keep(j);
	return 0;
}

int main(int argc, char **argv)
{
	FILE *file = argc >= 2 ? fopen(argv[1], "r+b") : NULL;
	static uint8_t *image;
	static struct disk disk;
	size_t size;

	if (file == NULL)
		return 2;
	setvbuf(stdout, NULL, _IONBF, 0);
	image = malloc(256 << 20);
	size = fread(image, 1, 256 << 20, file);
	cache_init(1024);
	writeback_init(2000);
	disk_open(&disk, image, size);
	if (do_mount(&disk))
		return 1;
	work();
	if (argc == 3) {
		block = strtoul(argv[2], NULL, 0);
		if (until_done(change, NULL) || do_sync())
			return 1;
		memcpy(image, disk.bytes, size);
	}
	if (do_unmount())
		return 1;
	rewind(file);
	fwrite(argc == 3 ? image : disk.bytes, 1, size, file);
	fclose(file);
	disk_close(&disk);
	free(image);
	return 0;
}
