// Where commands come from, a character at a time.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct source {
	const char *at, *end; // what is still to be handed out
	int fd;               // -1: a string, nothing follows
	size_t step;          // how much is read at once
	bool edit;            // a terminal: lines from the editor
	bool ended;           // said so once: it is not asked again
	bool more;            // inside of a command: the second prompt
	int line;             // for messages
	char buffer[256];
};

void source_string(struct source *in, const char *text);
void source_fd(struct source *in, int fd, bool shared, bool edit);
int source_peek(struct source *in); // -1 at the end
int source_next(struct source *in);
