// A tree as text again.  Newlines stand where a ; would do as well: behind one
// the bodies of here-documents follow, wherever they were begun.
#include <string.h>
#include <tool.h>
#include "again.h"
#include "arena.h"
#include "expand.h"

// Those whose bodies have not been written yet.
static struct redirect *waiting[64];
static int waiting_count;

static void add(struct text *out, const char *text)
{
	text_put(out, text, strlen(text));
}

static void new_line(struct text *out)
{
	text_add(out, '\n');
	for (int i = 0; i < waiting_count; i++) {
		add(out, waiting[i]->body);
		add(out, unquote(waiting[i]->raw));
		text_add(out, '\n');
	}
	waiting_count = 0;
}

static void write_words(struct text *out, struct word *words)
{
	for (; words; words = words->next) {
		add(out, words->raw);
		text_add(out, ' ');
	}
}

// Tabs that <<- takes away are not in the body any more.
static void write_redirects(struct text *out, struct redirect *r)
{
	static const char *const signs[] = {
		[REDIRECT_IN] = "<",      [REDIRECT_OUT] = ">",
		[REDIRECT_APPEND] = ">>", [REDIRECT_BOTH] = "<>",
		[REDIRECT_DUP] = ">&",    [REDIRECT_HERE] = "<<",
	};
	char number[16];

	for (; r; r = r->next) {
		if (r->kind == REDIRECT_HERE) {
			if (waiting_count == sizeof waiting / sizeof *waiting)
				die(2, "too many here-documents");
			waiting[waiting_count++] = r;
		}
		format(number, sizeof number, " %d", r->fd);
		add(out, number);
		add(out, signs[r->kind]);
		add(out, r->raw);
		text_add(out, ' ');
	}
}

static void write_list(struct text *out, const char *before, struct node *n)
{
	add(out, before);
	new_line(out);
	if (n)
		tree_write(out, n);
	new_line(out);
}

static void write_case(struct text *out, struct node *n)
{
	add(out, "case ");
	write_words(out, n->words);
	add(out, "in");
	for (struct node *c = n->left; c; c = c->next) {
		new_line(out);
		text_add(out, '(');
		for (struct word *w = c->words; w; w = w->next) {
			add(out, w->raw);
			text_add(out, w->next ? '|' : ')');
		}
		write_list(out, "", c->right);
		add(out, ";;");
	}
	new_line(out);
	add(out, "esac");
}

static void write_pipe(struct text *out, struct node *n)
{
	if (n->negated)
		add(out, "! ");
	for (struct node *c = n->left; c; c = c->next) {
		tree_write(out, c);
		if (c->next) {
			add(out, " |");
			new_line(out);
		}
	}
}

static void write_loop(struct text *out, const char *word, struct node *n)
{
	write_list(out, word, n->left);
	write_list(out, "do", n->right);
	add(out, "done");
}

static void write_for(struct text *out, struct node *n)
{
	add(out, "for ");
	add(out, n->name);
	if (n->has_list) {
		add(out, " in ");
		write_words(out, n->words);
	}
	new_line(out);
	write_list(out, "do", n->right);
	add(out, "done");
}

static void write_if(struct text *out, struct node *n)
{
	write_list(out, "if", n->left);
	write_list(out, "then", n->right);
	if (n->other)
		write_list(out, "else", n->other);
	add(out, "fi");
}

static void write_two(struct text *out, struct node *n, const char *between)
{
	tree_write(out, n->left);
	add(out, between);
	new_line(out);
	tree_write(out, n->right);
}

static void write_inner(struct text *out, struct node *n)
{
	switch (n->kind) {
	case NODE_COMMAND:
		write_words(out, n->assignments);
		write_words(out, n->words);
		break;
	case NODE_PIPE:
		write_pipe(out, n);
		break;
	case NODE_AND:
		write_two(out, n, " &&");
		break;
	case NODE_OR:
		write_two(out, n, " ||");
		break;
	case NODE_SEQUENCE:
		write_two(out, n, "");
		break;
	case NODE_BACKGROUND:
		tree_write(out, n->left);
		add(out, " &");
		break;
	case NODE_SUBSHELL:
		write_list(out, "(", n->left);
		add(out, ")");
		break;
	case NODE_GROUP:
		write_list(out, "{", n->left);
		add(out, "}");
		break;
	case NODE_IF:
		write_if(out, n);
		break;
	case NODE_WHILE:
		write_loop(out, "while", n);
		break;
	case NODE_UNTIL:
		write_loop(out, "until", n);
		break;
	case NODE_FOR:
		write_for(out, n);
		break;
	case NODE_CASE:
		write_case(out, n);
		break;
	case NODE_FUNCTION:
		add(out, n->name);
		add(out, "() ");
		tree_write(out, n->right);
		break;
	case NODE_CLAUSE:
		break;
	}
}

void tree_write(struct text *out, struct node *n)
{
	write_inner(out, n);
	write_redirects(out, n->redirects);
}
