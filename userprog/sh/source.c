#include "source.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "edit.h"
#include "shell.h"

void source_string(struct source *in, const char *text)
{
	in->at = text;
	in->end = text + strlen(text);
	in->fd = -1;
	in->edit = in->more = in->ended = false;
	in->line = 1;
}

// Of a descriptor that children read too, not one byte too many may be taken.
void source_fd(struct source *in, int fd, bool shared, bool edit)
{
	in->at = in->end = in->buffer;
	in->fd = fd;
	in->step = shared ? 1 : sizeof in->buffer;
	in->edit = edit;
	in->more = in->ended = false;
	in->line = 1;
}

static bool refill(struct source *in)
{
	ssize_t n;

	if (in->fd < 0 || in->ended)
		return false;
	if (in->edit) {
		in->at = edit_line(in->fd, in->more);
		in->end = in->at ? in->at + strlen(in->at) : NULL;
		in->ended = !in->at;
		return in->at != NULL;
	}
	do
		n = read(in->fd, in->buffer, in->step);
	while (n < 0 && errno == EINTR && !interrupted);
	in->at = in->buffer;
	in->end = in->buffer + (n > 0 ? n : 0);
	in->ended = n <= 0;
	return n > 0;
}

int source_peek(struct source *in)
{
	// Bytes of value 0 have no meaning in a script.
	for (;;) {
		if (in->at == in->end && !refill(in))
			return -1;
		if (*in->at)
			return (unsigned char)*in->at;
		in->at++;
	}
}

int source_next(struct source *in)
{
	int c = source_peek(in);

	if (c >= 0)
		in->at++;
	in->line += c == '\n';
	return c;
}
