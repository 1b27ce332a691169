// The operations that the crash tests are made of.  All work on the files of
// prepare_files(), so that any two of them may meet.
#include "crash.h"

#define STEP(name, call)          \
	static int64_t name(void) \
	{                         \
		return call;      \
	}

STEP(create, do_create("a/new", S_IFREG | 0644))
STEP(append, do_write("old", 12345, 9000, 4))
STEP(overwrite, do_write("old", 3000, 4000, 5))
STEP(sparse, do_write("big", 4096ul * 1100, 5000, 6))
STEP(unlink_small, do_unlink("old"))
STEP(unlink_big, do_unlink("big"))
STEP(cut, do_truncate("big", 15 * 4096 + 100))
STEP(cut_to_nothing, do_truncate("old", 0))
STEP(grow, do_truncate("old", 40000))
STEP(rename_away, do_rename("old", "b/moved", 0))
STEP(rename_over, do_rename("old", "other", 0))
STEP(exchange, do_rename("old", "a/sub", EXT2_EXCHANGE))
STEP(exchange_directories, do_rename("a/sub", "empty", EXT2_EXCHANGE))
STEP(rename_directory, do_rename("a", "b/a", 0))
STEP(rename_over_directory, do_rename("a/sub", "empty", 0))
STEP(make_directory, do_mkdir("b/made"))
STEP(remove_directory, do_rmdir("empty"))
STEP(link_it, do_link("old", "b/hard"))
STEP(link_short, do_symlink("some/where", "b/short"))
STEP(link_long, do_symlink("a-target-that-does-not-fit-into-the-inode-because-"
                           "it-is-too-long-for-it", "b/long"))
STEP(mode, do_chmod("other", 0640))

static int64_t sync_one(void)
{
	int64_t err = do_fsync("old");

	if (!err) // another step may have taken it away
		crash_lasting_file("old");
	return err;
}

static int64_t sync_all(void)
{
	int64_t err = do_sync();

	crash_lasting();
	return err;
}

// A file that was written is seen whole, once it has its name.
static int64_t replace(void)
{
	do_create("temporary", S_IFREG | 0644);
	crash_mark();
	do_write("temporary", 0, 20000, 7);
	crash_mark();
	do_fsync("temporary");
	crash_lasting_file("temporary");
	return do_rename("temporary", "other", 0);
}

// Blocks of metadata that are used again for data: revokes, and no reuse
// before the commit.
static int64_t recycle(void)
{
	do_write("big", 35 * 4096, 4096, 9); // its indirect block is logged
	crash_mark();
	do_sync();
	crash_lasting();
	do_unlink("big");
	crash_mark();
	work();
	do_sync();
	crash_lasting();
	// One block first: else what was an indirect block would be one again.
	do_create("shift", S_IFREG | 0644);
	crash_mark();
	do_write("shift", 0, 100, 9);
	crash_mark();
	do_create("again", S_IFREG | 0644);
	crash_mark();
	for (int i = 0; i < 12; i++) {
		do_write("again", i * 4096ul * 11, 4096 * 11, 8);
		crash_mark();
	}
	do_fsync("again");
	crash_lasting_file("again");
	return 0;
}

// A block of metadata that begins like one of the journal's own: an indirect
// block is full of numbers, so one is bent to it by what it points to; easier
// is a directory, whose first number is that of its inode.  Neither can be had
// with so few blocks; so this is left to test_journal.

static int64_t names_grow(void)
{
	for (int i = 0; i < 20; i++) {
		char name[256];

		snprintf(name, sizeof name, "b/%0240d", i);
		do_create(name, S_IFREG | 0644);
		crash_mark();
	}
	return 0;
}

// Each piece falls into a page that an earlier commit may be writing.
static int64_t drip(void)
{
	for (int i = 0; i < 12; i++) {
		do_write("other", 5000 + i * 700, 700, 10);
		crash_mark();
		do_write("old", 12345 + i * 700, 700, 10);
		crash_mark();
	}
	return 0;
}

// What was just written goes again, when its commit may have begun.
static int64_t shorten(void)
{
	for (int i = 0; i < 3; i++) {
		do_write("other", 5000, 12000, 11 + i);
		crash_mark();
		do_truncate("other", 5500 - i * 100);
		crash_mark();
	}
	return 0;
}

static int64_t come_and_go(void)
{
	for (int i = 0; i < 3; i++) {
		do_create("b/brief", S_IFREG | 0644);
		crash_mark();
		do_write("b/brief", i * 1000, 7000, 14 + i);
		crash_mark();
		do_unlink("b/brief");
		crash_mark();
	}
	return 0;
}

const struct step steps[] = {
	{ "create", create },
	{ "append", append },
	{ "overwrite", overwrite },
	{ "sparse", sparse },
	{ "unlink", unlink_small },
	{ "unlink big", unlink_big },
	{ "cut", cut },
	{ "cut to nothing", cut_to_nothing },
	{ "grow", grow },
	{ "rename", rename_away },
	{ "rename over", rename_over },
	{ "exchange", exchange },
	{ "exchange directories", exchange_directories },
	{ "rename directory", rename_directory },
	{ "rename over directory", rename_over_directory },
	{ "mkdir", make_directory },
	{ "rmdir", remove_directory },
	{ "link", link_it },
	{ "short symlink", link_short },
	{ "long symlink", link_long },
	{ "chmod", mode },
	{ "replace", replace },
	{ "recycle", recycle },
	{ "names grow", names_grow },
	{ "drip", drip },
	{ "shorten", shorten },
	{ "come and go", come_and_go },
	{ "fsync", sync_one },
	{ "sync", sync_all },
};
const unsigned step_count = COUNT(steps);
