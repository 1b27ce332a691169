#include "glob.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool glob_has_magic(const char *p)
{
	for (; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '*' || *p == '?' || *p == '[')
			return true;
	}
	return false;
}

// Whether c is in the set; *end is behind its ]. Without a ] it is no set.
static bool match_set(const char *p, char c, const char **end)
{
	bool inverse = *p == '!' || *p == '^', found = false;
	const char *first = p += inverse;

	for (; *p && (*p != ']' || p == first); p++) {
		unsigned char low, high;

		if (*p == '\\' && p[1])
			p++;
		low = high = *p;
		if (p[1] == '-' && p[2] && p[2] != ']') {
			p += 2;
			high = *p;
		}
		found |= (unsigned char)c >= low && (unsigned char)c <= high;
	}
	*end = *p ? p + 1 : NULL;
	return found != inverse;
}

// Matches text up to end.  A * is tried at every length, but only the last one
// needs to be tried again: what an earlier one took cannot help a later one.
static bool match(const char *p, const char *text, const char *end)
{
	const char *star = NULL, *resume = NULL, *after;

	while (text < end || *p) {
		if (*p == '*') {
			star = p++;
			resume = text;
			continue;
		}
		if (text < end && *p == '?') {
			p++, text++;
			continue;
		}
		if (text < end && *p == '[') {
			bool in = match_set(p + 1, *text, &after);

			if (after && in) {
				p = after, text++;
				continue;
			}
			if (!after && *text == '[') {
				p++, text++;
				continue;
			}
		} else if (text < end && *p) {
			const char *literal = p + (*p == '\\' && p[1]);

			if (*literal == *text) {
				p = literal + 1, text++;
				continue;
			}
		}
		if (!star || resume >= end)
			return false;
		p = star + 1;
		text = ++resume;
	}
	return true;
}

bool glob_match(const char *pattern, const char *text)
{
	return match(pattern, text, text + strlen(text));
}

size_t glob_prefix(const char *pattern, const char *text, bool longest)
{
	size_t length = strlen(text);

	for (size_t i = 0; i <= length; i++) {
		size_t n = longest ? length - i : i;

		if (match(pattern, text, text + n))
			return n;
	}
	return 0;
}

size_t glob_suffix(const char *pattern, const char *text, bool longest)
{
	size_t length = strlen(text);

	for (size_t i = 0; i <= length; i++) {
		size_t n = longest ? length - i : i;

		if (match(pattern, text + length - n, text + length))
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
