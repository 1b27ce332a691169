#include "glob.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wildcard.h>

// A [ alone, as that of every test, is not worth a look at the directory.
bool glob_has_magic(const char *p)
{
	for (; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '*' || *p == '?')
			return true;
		else if (*p == '[' && strchr(p + 1, ']'))
			return true;
	}
	return false;
}

bool glob_match(const char *pattern, const char *text)
{
	return wildcard_match(pattern, text, text + strlen(text));
}

size_t glob_prefix(const char *pattern, const char *text, bool longest)
{
	size_t length = strlen(text);

	for (size_t i = 0; i <= length; i++) {
		size_t n = longest ? length - i : i;

		if (wildcard_match(pattern, text, text + n))
			return n;
	}
	return 0;
}

size_t glob_suffix(const char *pattern, const char *text, bool longest)
{
	size_t length = strlen(text);

	for (size_t i = 0; i <= length; i++) {
		size_t n = longest ? length - i : i;

		if (wildcard_match(pattern, text + length - n, text + length))
			return n;
	}
	return 0;
}

static void glob_from(const char *base, const char *pattern,
                      struct fields *out);

static char *join(const char *base, const char *name, const char *tail)
{
	struct text path = { 0 };

	text_put(&path, base, strlen(base));
	text_put(&path, name, strlen(name));
	text_put(&path, tail, strlen(tail));
	return text_string(&path);
}

// Goes on below one name; there is more of the pattern if rest is not empty.
static void glob_below(const char *base, const char *name, const char *rest,
                       struct fields *out)
{
	if (!*rest) {
		char *path = join(base, name, "");

		if (access(path, F_OK) == 0)
			fields_add(out, path);
		return;
	}
	glob_from(join(base, name, "/"), rest + strspn(rest, "/"), out);
}

static char *without_escapes(const char *part)
{
	struct text out = { 0 };

	for (; *part; part++) {
		if (*part == '\\' && part[1])
			part++;
		text_add(&out, *part);
	}
	return text_string(&out);
}

static void glob_from(const char *base, const char *pattern, struct fields *out)
{
	size_t length = strcspn(pattern, "/");
	char *part = arena_copy(pattern, length);
	const char *rest = pattern + length;
	struct dirent *entry;

	if (!glob_has_magic(part)) {
		glob_below(base, without_escapes(part), rest, out);
		return;
	}
	DIR *dir = opendir(*base ? base : ".");
	if (!dir)
		return;
	while ((entry = readdir(dir)) != NULL) {
		// Names with a dot must be asked for by a dot.
		if (entry->d_name[0] == '.' && *part != '.')
			continue;
		if (glob_match(part, entry->d_name))
			glob_below(base,
			           arena_copy(entry->d_name,
			                      strlen(entry->d_name)),
			           rest, out);
	}
	closedir(dir);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool glob(const char *pattern, struct fields *out)
{
	int before = out->count;
	size_t slashes = strspn(pattern, "/");

	glob_from(arena_copy(pattern, slashes), pattern + slashes, out);
	if (out->count > before)
		qsort(out->at + before, out->count - before, sizeof *out->at,
		      compare);
	return out->count > before;
}
