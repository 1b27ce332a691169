// Patterns of names: * ? [a-z] [!a-z], and \ before what is only itself.
#include <stddef.h>
#include <wildcard.h>

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

// A * is tried at every length, but only the last one
// needs to be tried again: what an earlier one took cannot help a later one.
bool wildcard_match(const char *p, const char *text, const char *end)
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
