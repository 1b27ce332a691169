// usage: crash IMAGE [-e N] [-c CUTS] [-s SEED] [-p PLANT] one | two N | all | load N
//        crash ... STEP...
// An IMAGE of mke2fs; every single step, N random pairs, all pairs,
// or N random sequences.
#include "crash.h"
#include "disk/cache.h"
#include "disk/writeback.h"
#include <stdlib.h>
#include <string.h>

static uint8_t *image;
static size_t image_size;
static unsigned cuts = 2, faults;

// The files are made by the file system itself.
static void image_fill(void)
{
	struct disk disk;

	disk_open(&disk, image, image_size);
	if (do_mount(&disk))
		exit(2);
	prepare_files();
	work();
	if (do_unmount())
		exit(2);
	memcpy(image, disk.bytes, image_size);
	disk_close(&disk);
}

static void run(const struct step *a, const struct step *b)
{
	const struct step *list[] = { a, b };
	unsigned n;

	n = crash_run(list, b ? 2 : 1, image, image_size, cuts);
	if (n)
		printf("%s%s%s: not so\n", a->name, b ? ", " : "",
		       b ? b->name : "");
	faults += n;
}

static void one(void)
{
	for (unsigned i = 0; i < step_count; i++)
		run(&steps[i], NULL);
}

static void two(unsigned count)
{
	while (count--)
		run(&steps[chance(step_count)], &steps[chance(step_count)]);
}

static void all(void)
{
	one();
	for (unsigned i = 0; i < step_count; i++)
		for (unsigned k = 0; k < step_count; k++)
			run(&steps[i], &steps[k]);
}

// Sequences of eight steps.
static void load(unsigned count)
{
	const struct step *list[8];

	while (count--) {
		for (size_t i = 0; i < COUNT(list); i++)
			list[i] = &steps[chance(step_count)];
		if (crash_run(list, COUNT(list), image, image_size, cuts)) {
			faults++;
			for (size_t i = 0; i < COUNT(list); i++)
				printf("%s, ", list[i]->name);
			printf("not so\n");
		}
	}
}

static void named(const char *name)
{
	for (unsigned i = 0; i < step_count; i++)
		if (strcmp(steps[i].name, name) == 0)
			run(&steps[i], NULL);
}

int main(int argc, char **argv)
{
	uint64_t seed = 1;
	int i = 2;

	if (argc < 3)
		return 2;
	image = image_read(argv[1], &image_size);
	for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
		unsigned long value = strtoul(argv[i + 1], NULL, 0);

		if (argv[i][1] == 'e')
			judge_every = value;
		if (argv[i][1] == 'c')
			cuts = value;
		if (argv[i][1] == 's')
			seed = value;
		if (argv[i][1] == 'p' && !plant_choose(argv[i + 1]))
			return 2;
	}
	seed_chance(seed);
	cache_init(4096);
	writeback_init(2000);
	image_fill();
	for (; i < argc; i++) {
		if (!strcmp(argv[i], "one"))
			one();
		if (!strcmp(argv[i], "all"))
			all();
		if (!strcmp(argv[i], "two") && i + 1 < argc)
			two(strtoul(argv[++i], NULL, 0));
		if (!strcmp(argv[i], "load") && i + 1 < argc)
			load(strtoul(argv[++i], NULL, 0));
		named(argv[i]);
	}
	printf("seed %lu: %lu images, %lu of them seen by e2fsck, %u faults\n",
	       (unsigned long)seed, crash_images, crash_judged, faults);
	free(image);
	return faults != 0;
}
