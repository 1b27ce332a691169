// usage: crash IMAGE [OPTIONS] [STEP+STEP...] [one] [two N] [all] [load N LENGTH]
// An IMAGE of mke2fs; steps by name, one after the other; every single step; N
// random pairs; all pairs and all single ones; N random sequences.
//   -s SEED   -p PLANT   -r TIMES each, from other seeds
//   -b -1 -c -a -e   effort: bound, singles, cuts, again, judge (crash.h)
#include "check.h"
#include "crash.h"
#include "disk/cache.h"
#include "disk/writeback.h"
#include <stdlib.h>
#include <string.h>

#define LONGEST 20 // sequence

static uint8_t *image;
static size_t image_size;
static unsigned faults, repeat = 1;
static unsigned long runs, seed = 1;

// The files are made by the file system itself.  What was never written can be
// told from zeroes.
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
	fill_free_blocks(image, 0xdb);
	disk_close(&disk);
}

// Memory that was freed is watched for a while only: it would be all there is.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=2:malloc_context_size=4";
}

// Each run has a seed of its own, so that it can be had alone.
static void run(const struct step *const *list, unsigned count)
{
	for (unsigned n = 0; n < repeat && !(plant && faults); n++) {
		unsigned found;

		seed_chance(seed * 1000003 + n);
		found = crash_run(list, count, image, image_size);
		runs++;
		if (found)
			for (unsigned i = 0; i < count; i++)
				printf("%s%s", list[i]->name,
				       i + 1 < count ? ", " : ": not so\n");
		faults += found;
	}
}

static void one(void)
{
	for (unsigned i = 0; i < step_count; i++)
		run(&(const struct step *){ &steps[i] }, 1);
}

static void two(const struct step *a, const struct step *b)
{
	const struct step *list[] = { a, b };

	run(list, 2);
}

static void all(void)
{
	one();
	for (unsigned i = 0; i < step_count; i++)
		for (unsigned k = 0; k < step_count; k++)
			two(&steps[i], &steps[k]);
}

// Sequences of random steps.
static void load(unsigned count, unsigned length)
{
	const struct step *list[LONGEST];

	while (count--) {
		seed_chance(++seed);
		for (size_t i = 0; i < length; i++)
			list[i] = &steps[chance(step_count)];
		run(list, length);
	}
}

static void pairs(unsigned count)
{
	load(count, 2);
}

static const struct step *find(const char *name)
{
	for (unsigned i = 0; i < step_count; i++)
		if (strcmp(steps[i].name, name) == 0)
			return &steps[i];
	printf("no step \"%s\"\n", name);
	exit(2);
}

// Names with a + between each.
static void named(char *names)
{
	const struct step *list[LONGEST];
	unsigned count = 0;

	for (char *name = strtok(names, "+"); name && count < LONGEST;
	     name = strtok(NULL, "+"))
		list[count++] = find(name);
	run(list, count);
}

static int option(char letter, const char *text)
{
	unsigned long value = strtoul(text, NULL, 0);

	switch (letter) {
	case 's': seed = value; break;
	case 'r': repeat = value; break;
	case 'b': effort.bound = value; break;
	case '1': effort.singles = value; break;
	case 'c': effort.cuts = value; break;
	case 'a': effort.again = value; break;
	case 'e': effort.judge = value; break;
	case 'p': return plant_choose(text);
	default: return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	unsigned long first;
	int i = 2;

	if (argc < 3)
		return 2;
	image = image_read(argv[1], &image_size);
	for (; i + 1 < argc && argv[i][0] == '-'; i += 2)
		if (!option(argv[i][1], argv[i + 1]))
			return 2;
	first = seed;
	cache_init(4096);
	writeback_init(2000);
	image_fill();
	for (; i < argc; i++) {
		if (!strcmp(argv[i], "one"))
			one();
		else if (!strcmp(argv[i], "all"))
			all();
		else if (!strcmp(argv[i], "two") && i + 1 < argc)
			pairs(strtoul(argv[++i], NULL, 0));
		else if (!strcmp(argv[i], "load") && i + 2 < argc) {
			load(strtoul(argv[i + 1], NULL, 0),
			     strtoul(argv[i + 2], NULL, 0) % (LONGEST + 1));
			i += 2;
		} else {
			named(argv[i]);
		}
	}
	printf("seed %lu: %lu runs, %lu images, %lu different ones mounted, "
	       "%lu cut again, %lu seen by e2fsck, %u faults\n",
	       first, runs, crash_images, crash_mounted, crash_again,
	       crash_judged, faults);
	free(image);
	return faults != 0;
}
