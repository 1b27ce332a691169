// Reads /proc/syscalls: lines "NUMBER NAME ARG...".
#pragma once
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>

enum kind {
	KIND_INT,
	KIND_FD,
	KIND_FLAGS,
	KIND_LEN,
	KIND_PATH,
	KIND_STR,
	KIND_PTR,
	KIND_IN,
	KIND_OUT,
	KIND_INOUT,
	KIND_NONE,
};

struct arg {
	enum kind kind;
	long bytes;    // of memory, if that is fixed
	int length;    // else which argument says it, from 1
	bool optional; // may be NULL
};

struct row {
	long number;
	char name[32];
	struct arg args[6];
	int count;
};

static struct lines table_lines;

static inline bool rows_open(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd >= 0)
		lines_open(&table_lines, fd);
	return fd >= 0;
}

static inline struct arg arg_parse(char *word)
{
	static const char *const kinds[] = { "int",  "fd",    "flags", "len",
		                             "path", "str",   "ptr",   "in",
		                             "out",  "inout", "none" };
	struct arg arg = { .kind = KIND_NONE };
	size_t n = strlen(word);

	if (n > 0 && word[n - 1] == '?') {
		arg.optional = true;
		word[n - 1] = 0;
	}
	char *colon = strchr(word, ':');
	if (colon) {
		*colon++ = 0;
		if (*colon == '@')
			arg.length = atoi(colon + 1);
		else
			arg.bytes = atol(colon);
	}
	for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(word, kinds[i]) == 0)
			arg.kind = i;
	return arg;
}

static inline bool rows_next(struct row *row)
{
	char *line = lines_next(&table_lines), *rest;

	if (!line)
		return false;
	memset(row, 0, sizeof *row);
	row->number = strtol(line, &rest, 10);
	char *word = strtok(rest, " \t");
	if (word)
		format(row->name, sizeof row->name, "%s", word);
	while (row->count < 6 && (word = strtok(NULL, " \t")) != NULL) {
		row->args[row->count] = arg_parse(word);
		if (row->args[row->count].kind == KIND_NONE)
			break;
		row->count++;
	}
	return true;
}
