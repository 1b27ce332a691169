// Here-documents.
#pragma once
#include "lexer.h"

// One whose body follows the line that is being read.
struct here {
	struct here *next;
	struct redirect *redirect;
};

void here_add(struct lexer *l, struct redirect *r);
void here_read(struct lexer *l, struct redirect *r);
