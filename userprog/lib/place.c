#include "place.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <tool.h>

bool place_join(char to[PATH_SIZE], const char *directory, const char *name)
{
	size_t length = strlen(name), end;

	while (length > 1 && name[length - 1] == '/')
		length--;
	for (end = length; end > 0 && name[end - 1] != '/'; end--)
		;
	if (format(to, PATH_SIZE, "%s/%.*s", directory, (int)(length - end),
	           name + end) < PATH_SIZE)
		return true;
	errno = ENAMETOOLONG;
	complain(name);
	return false;
}

int place_each(char **words, int count,
               int (*act)(const char *from, const char *to))
{
	char to[PATH_SIZE];
	struct stat st;
	int status = 0;

	if (count < 2)
		misuse();
	const char *last = words[count - 1];
	if (stat(last, &st) < 0 || !S_ISDIR(st.st_mode)) {
		if (count == 2)
			return act(words[0], last);
		errno = ENOTDIR;
		return complain(last);
	}
	for (int i = 0; i < count - 1; i++)
		status |= place_join(to, last, words[i]) ? act(words[i], to)
		                                         : 1;
	return status;
}
