// How full the file systems are.
#include <string.h>
#include <tool.h>
#include <unistd.h>
#include "inode.h"

TOOL("df", "df [-ahkiTP] [FILE...]");

#define MOUNTS 16
#define COLUMNS 7

struct volume {
	char *source, *path, *type;
	struct linux_statfs st;
};

static bool all, human, inodes, types;
static struct volume volumes[MOUNTS];
static int count;
static char cells[MOUNTS + 1][COLUMNS][64];
static int rows, columns;

static char *word(char **p)
{
	char *start = *p;

	*p = strpbrk(start, " \n");
	if (!*p)
		return *p = start + strlen(start);
	*(*p)++ = '\0';
	return start;
}

static int read_mounts(void)
{
	static char text[4096];
	ssize_t n = read_file("/proc/mounts", text, sizeof text - 1);

	if (n < 0)
		return complain("/proc/mounts");
	text[n] = '\0';
	for (char *p = text; *p && count < MOUNTS; count++) {
		struct volume *v = &volumes[count];
		char *end;

		v->source = word(&p);
		v->path = word(&p);
		v->type = word(&p);
		end = strchr(p, '\n');
		p = end ? end + 1 : p + strlen(p);
		if (inode_volume(v->path, &v->st) < 0)
			complain(v->path);
	}
	return 0;
}

// 1.5K, 23M: one digit behind the point below ten, rounded up.
static void show_size(char cell[64], unsigned long kib)
{
	static const char units[] = "KMGT";
	unsigned long tenths = 10 * kib;
	int unit = 0;

	if (!human) {
		format(cell, 64, "%lu", kib);
		return;
	}
	for (; tenths >= 10240 && unit < 3; unit++)
		tenths = (tenths + 1023) / 1024;
	if (tenths == 0)
		format(cell, 64, "0");
	else if (tenths < 100)
		format(cell, 64, "%lu.%lu%c", tenths / 10, tenths % 10,
		       units[unit]);
	else
		format(cell, 64, "%lu%c", (tenths + 9) / 10, units[unit]);
}

static void show_percent(char cell[64], unsigned long used, unsigned long of)
{
	if (of)
		format(cell, 64, "%lu%%", (100 * used + of - 1) / of);
	else
		format(cell, 64, "-");
}

static void show(const struct volume *v)
{
	char(*row)[64] = cells[rows++];
	unsigned long k = v->st.block_size / 1024;
	int at = 0;

	format(row[at++], 64, "%s", v->source);
	if (types)
		format(row[at++], 64, "%s", v->type);
	if (inodes) {
		unsigned long used = v->st.files - v->st.files_free;

		format(row[at++], 64, "%lu", v->st.files);
		format(row[at++], 64, "%lu", used);
		format(row[at++], 64, "%lu", v->st.files_free);
		show_percent(row[at++], used, v->st.files);
	} else {
		unsigned long used = v->st.blocks - v->st.free;

		show_size(row[at++], v->st.blocks * k);
		show_size(row[at++], used * k);
		show_size(row[at++], v->st.available * k);
		show_percent(row[at++], used, used + v->st.available);
	}
	format(row[at++], 64, "%s", v->path);
}

static void show_head(void)
{
	const char *head[COLUMNS] = {
		"Filesystem",
		types ? "Type" : NULL,
		inodes  ? "Inodes"
		: human ? "Size"
		        : "1K-blocks",
		inodes ? "IUsed" : "Used",
		inodes  ? "IFree"
		: human ? "Avail"
		        : "Available",
		inodes ? "IUse%" : "Use%",
		"Mounted on",
	};

	for (int i = 0; i < COLUMNS; i++)
		if (head[i])
			format(cells[0][columns++], 64, "%s", head[i]);
	rows = 1;
}

// Names to the left, numbers to the right; the last column is as wide as it is.
static void print_table(void)
{
	int width[COLUMNS] = { 14 };

	for (int i = 0; i < rows; i++)
		for (int c = 0; c < columns; c++)
			if (width[c] < (int)strlen(cells[i][c]))
				width[c] = strlen(cells[i][c]);
	for (int i = 0; i < rows; i++)
		for (int c = 0; c < columns; c++) {
			bool left = c == 0 || (types && c == 1);

			if (c == columns - 1)
				print("%s\n", cells[i][c]);
			else
				print(left ? "%-*s " : "%*s ", width[c],
				      cells[i][c]);
		}
}

// That of the mount which is the file's: they have the same number.
static int show_of(const char *path)
{
	struct linux_statfs st;

	if (inode_volume(path, &st) < 0)
		return complain(path);
	for (int i = 0; i < count; i++)
		if (volumes[i].st.id[0] == st.id[0] && rows <= MOUNTS) {
			show(&volumes[i]);
			return 0;
		}
	message("df: %s: not on any file system that is mounted\n", path);
	return 1;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	int status;

	for (int letter; (letter = option(&o, argv, "ahkiTP"));) {
		all |= letter == 'a';
		human |= letter == 'h';
		inodes |= letter == 'i';
		types |= letter == 'T';
	}
	status = read_mounts();
	show_head();
	for (int i = o.next; i < argc; i++)
		status |= show_of(argv[i]);
	// Those without blocks hold no files.
	for (int i = 0; o.next == argc && i < count; i++)
		if (all || volumes[i].st.blocks)
			show(&volumes[i]);
	if (rows > 1)
		print_table();
	return done(status);
}
