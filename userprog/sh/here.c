#include "here.h"
#include <string.h>
#include "expand.h"
#include "shell.h"

void here_add(struct lexer *l, struct redirect *r)
{
	struct here **end = &l->here;

	while (*end)
		end = &(*end)->next;
	*end = arena_alloc(sizeof **end);
	(*end)->redirect = r;
}

// One line with its newline; false at the end of input.
static bool read_line(struct lexer *l, struct text *line)
{
	int c;

	line->length = 0;
	do {
		c = source_next(l->in);
		if (c < 0)
			break;
		text_add(&l->record, c);
		text_add(line, c);
	} while (c != '\n');
	return line->length > 0;
}

static bool is_end(const char *line, size_t length, const char *end)
{
	if (length > 0 && line[length - 1] == '\n')
		length--;
	return length == strlen(end) && memcmp(line, end, length) == 0;
}

void here_read(struct lexer *l, struct redirect *r)
{
	const char *end = unquote(r->raw);
	struct text body = { 0 }, line = { 0 };

	r->quoted = strpbrk(r->raw, "'\"\\") != NULL;
	l->in->more = true;
	while (read_line(l, &line)) {
		size_t tabs = 0;

		while (r->strip && tabs < line.length && line.at[tabs] == '\t')
			tabs++;
		if (is_end(line.at + tabs, line.length - tabs, end))
			break;
		text_put(&body, line.at + tabs, line.length - tabs);
	}
	r->body = text_string(&body);
}
