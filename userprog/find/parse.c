#include "find.h"
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include "tests.h"

static char **at; // the next word
static bool acts; // there is an action, so -print is not added

static struct expression *expression_new(const struct expression *from)
{
	struct expression *e = malloc(sizeof *e);

	if (!e)
		die(1, "out of memory");
	*e = *from;
	return e;
}

static char *argument(const char *of)
{
	if (!*at)
		die(1, "%s: an argument is missing", of);
	return *at++;
}

// [+-]N, and a unit for -size.
static void parse_number(struct expression *e, const char *word, bool unit)
{
	static const struct {
		char letter;
		long factor;
	} units[] = { { 'c', 1 },       { 'w', 2 },       { 'b', 512 },
		      { 'k', 1 << 10 }, { 'M', 1 << 20 }, { 'G', 1 << 30 } };
	char *end;

	e->kind = *word == '+' || *word == '-' ? *word++ : 0;
	e->number = strtol(word, &end, 10);
	e->factor = 512;
	for (unsigned i = 0; unit && i < sizeof units / sizeof units[0]; i++)
		if (*end && *end == units[i].letter) {
			e->factor = units[i].factor;
			end++;
			break;
		}
	if (end == word || *end)
		die(1, "%s: not a number", word);
}

static void parse_mode(struct expression *e, const char *word)
{
	char *end;

	e->kind = *word == '-' || *word == '/' ? *word++ : 0;
	e->number = strtol(word, &end, 8);
	if (end == word || *end)
		die(1, "%s: not an octal mode", word);
}

static void parse_file(struct expression *e, const char *word)
{
	struct linux_stat st;

	if (inode_look(word, true, &st) < 0) {
		complain(word);
		die(1, "%s: is needed", word);
	}
	e->number = e->holds == test_newer ? st.mtime : (long)st.ino;
	e->factor = e->holds == test_newer ? st.mtime_ns : (long)st.dev;
}

static void parse_command(struct expression *e)
{
	e->words = at;
	for (e->count = 0; *at; e->count++, at++) {
		bool more = strcmp(*at, "+") == 0 && e->count > 0 &&
		            strcmp(at[-1], "{}") == 0;

		if (strcmp(*at, ";") != 0 && !more)
			continue;
		if (e->count - more < 1)
			break;
		e->kind = more ? '+' : ';';
		e->count -= more;
		at++;
		return;
	}
	die(1, "-exec: a command and its ; or {} + are missing");
}

static void parse_arguments(struct expression *e, const struct word *word)
{
	switch (word->argument) {
	case TEXT:
		e->text = argument(word->name);
		break;
	case NUMBER:
	case SIZE:
		parse_number(e, argument(word->name), word->argument == SIZE);
		break;
	case MODE:
		parse_mode(e, argument(word->name));
		break;
	case FILE_NAME:
		parse_file(e, argument(word->name));
		break;
	case COMMAND:
		parse_command(e);
		break;
	case NOTHING:
		break;
	}
}

// Those that are no test but hold for all of the walk.
static bool parse_setting(const char *name)
{
	if (strcmp(name, "-maxdepth") == 0)
		depth_most = need_number(argument(name));
	else if (strcmp(name, "-mindepth") == 0)
		depth_least = need_number(argument(name));
	else if (strcmp(name, "-depth") == 0)
		contents_first = true;
	else if (strcmp(name, "-xdev") == 0 || strcmp(name, "-mount") == 0)
		one_device = true;
	else
		return false;
	return true;
}

static struct expression *parse_or(void);

static struct expression *parse_one(void)
{
	char *name = argument("expression");
	struct expression e = { .holds = test_true };

	if (strcmp(name, "(") == 0) {
		struct expression *inner = parse_or();

		if (strcmp(argument("("), ")") != 0)
			die(1, "a ( is not closed");
		return inner;
	}
	if (strcmp(name, "!") == 0 || strcmp(name, "-not") == 0) {
		e.holds = test_not;
		e.left = parse_one();
		return expression_new(&e);
	}
	if (parse_setting(name))
		return expression_new(&e);
	for (const struct word *word = words; word->name; word++)
		if (strcmp(word->name, name) == 0) {
			e.holds = word->holds;
			parse_arguments(&e, word);
			acts |= word->acts;
			contents_first |= word->holds == act_delete;
			return expression_new(&e);
		}
	die(1, "%s: unknown", name);
}

static struct expression *parse_and(void)
{
	struct expression *left = parse_one();

	while (*at && strcmp(*at, ")") != 0 && strcmp(*at, "-o") != 0) {
		if (strcmp(*at, "-a") == 0)
			at++;
		left = expression_new(&(struct expression){ .holds = test_and,
		                                 .left = left,
		                                 .right = parse_one() });
	}
	return left;
}

static struct expression *parse_or(void)
{
	struct expression *left = parse_and();

	while (*at && strcmp(*at, "-o") == 0) {
		at++;
		left = expression_new(&(struct expression){ .holds = test_or,
		                                 .left = left,
		                                 .right = parse_and() });
	}
	return left;
}

const struct expression *parse(char **from)
{
	struct expression print = { .holds = act_print }, *e;

	at = from;
	e = *at ? parse_or() : NULL;
	if (*at)
		die(1, "%s: nothing is open", *at);
	if (e && acts)
		return e;
	if (!e)
		return expression_new(&print);
	return expression_new(&(struct expression){ .holds = test_and,
	                                 .left = e,
	                                 .right = expression_new(&print) });
}
