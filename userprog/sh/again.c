#include "again.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>
#include "exec.h"
#include "parser.h"
#include "shell.h"
#include "var.h"

// What the language has no words for.
enum { PID, BACKGROUND, STATUS, LOOPS, FUNCTIONS, UNTESTED, FLAGS, NUMBERS };
enum { FLAG_E = 1, FLAG_U = 2, FLAG_X = 4, FLAG_F = 8 };

static char *again_numbers(void)
{
	char *out = arena_alloc(NUMBERS * 12);
	int flags = (sh.set_e ? FLAG_E : 0) | (sh.set_u ? FLAG_U : 0) |
	            (sh.set_x ? FLAG_X : 0) | (sh.set_f ? FLAG_F : 0);

	format(out, NUMBERS * 12, "%d %d %d %d %d %d %d", sh.pid,
	       sh.background, sh.status, sh.loops, sh.functions, sh.untested,
	       flags);
	return out;
}

// The numbers last: what sets the state shall neither fail nor be traced.
void again_begin(const char *numbers, const char *state)
{
	long n[NUMBERS] = { 0 };
	char *at = (char *)numbers;

	run_string(state);
	for (int i = 0; i < NUMBERS; i++)
		n[i] = strtol(at, &at, 10);
	sh.pid = n[PID];
	sh.background = n[BACKGROUND];
	sh.status = n[STATUS];
	sh.loops = n[LOOPS];
	sh.functions = n[FUNCTIONS];
	sh.untested = n[UNTESTED];
	sh.set_e = n[FLAGS] & FLAG_E;
	sh.set_u = n[FLAGS] & FLAG_U;
	sh.set_x = n[FLAGS] & FLAG_X;
	sh.set_f = n[FLAGS] & FLAG_F;
}

// In single quotes nothing has a meaning but their end.
static void put_quoted(struct text *out, const char *value)
{
	text_add(out, '\'');
	for (; *value; value++)
		if (*value == '\'')
			text_put(out, "'\\''", 4);
		else
			text_add(out, *value);
	text_add(out, '\'');
}

static void put_var(struct text *out, struct var *v)
{
	const char *word = v->read_only ? "readonly " : "export ";

	// What is exported and may change is in the environment.
	if (v->exported && v->value && !v->read_only)
		return;
	if (v->exported || v->read_only)
		text_put(out, word, strlen(word));
	text_put(out, v->name, strlen(v->name));
	if (v->value) {
		text_add(out, '=');
		put_quoted(out, v->value);
	}
	text_add(out, '\n');
}

static char **again_arguments(struct node *n)
{
	char **argv = arena_alloc((sh.arg_count + 7) * sizeof *argv);
	struct text state = { 0 }, body = { 0 };

	for (struct var *v = vars; v; v = v->next)
		put_var(&state, v);
	functions_write(&state);
	if (n)
		tree_write(&body, n);
	text_add(&body, '\n');
	argv[0] = "sh";
	argv[1] = "-R";
	argv[2] = again_numbers();
	argv[3] = text_string(&state);
	argv[4] = text_string(&body);
	argv[5] = sh.name;
	memcpy(argv + 6, sh.args, sh.arg_count * sizeof *argv);
	return argv;
}

void again(struct node *n)
{
	execve("/bin/sh", again_arguments(n), var_environment());
	message("sh: cannot begin a subshell: %s\n", strerror(errno));
	_exit(126);
}

struct node *again_parse(const char *body)
{
	struct source in;
	struct lexer l;

	source_string(&in, body);
	lexer_open(&l, &in);
	return parse_list(&l);
}
