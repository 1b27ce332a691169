// Builtins about variables and arguments.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>
#include "arena.h"
#include "builtin.h"
#include "exec.h"
#include "parser.h"
#include "shell.h"
#include "var.h"

static void show(bool exported, const char *prefix)
{
	for (struct var *v = vars; v; v = v->next)
		if (v->value && (exported ? v->exported : v->read_only))
			print("%s %s='%s'\n", prefix, v->name, v->value);
}

// And readonly.
int builtin_export(int argc, char **argv)
{
	bool export = argv[0][0] == 'e';

	if (argc < 2 || strcmp(argv[1], "-p") == 0) {
		show(export, argv[0]);
		return 0;
	}
	for (int i = 1; i < argc; i++) {
		size_t length = strcspn(argv[i], "=");

		if (!is_name(argv[i], length)) {
			fail(2, "%s: %s: not a name", argv[0], argv[i]);
			return 2;
		}
		if (argv[i][length] && !var_assign(argv[i]))
			return 2;
		struct var *v = var_find(argv[i], length, true);
		*(export ? &v->exported : &v->read_only) = true;
	}
	return 0;
}

int builtin_unset(int argc, char **argv)
{
	bool functions = argc > 1 && strcmp(argv[1], "-f") == 0;
	int i = 1 + (functions || (argc > 1 && strcmp(argv[1], "-v") == 0));

	for (; i < argc; i++) {
		if (functions)
			function_remove(argv[i]);
		else if (!var_unset(argv[i]))
			return 2;
	}
	return 0;
}

// A line, byte by byte: what follows belongs to whoever reads next.
static bool read_line(struct text *line, bool raw)
{
	char c;

	for (;;) {
		ssize_t n = read(0, &c, 1);

		if (n < 0 && errno == EINTR && !interrupted)
			continue;
		if (n <= 0)
			return false;
		if (c == '\\' && !raw) {
			if (read(0, &c, 1) <= 0)
				return false;
			if (c == '\n')
				continue;
			text_add(line, '\\');
		} else if (c == '\n') {
			return true;
		}
		text_add(line, c);
	}
}

// Takes one field off the line; the last name gets all that is left.
static char *read_field(char **at, const char *ifs, bool last)
{
	struct text field = { 0 };
	size_t keep = 0; // up to the last character that is not blank
	char *c = *at + strspn(*at, " \t");

	for (; *c; c++) {
		bool escaped = *c == '\\' && c[1];

		if (escaped)
			c++;
		else if (strchr(ifs, *c) && !last)
			break;
		text_add(&field, *c);
		if (escaped || !strchr(ifs, *c))
			keep = field.length;
	}
	if (*c)
		c++;
	field.length = keep;
	*at = c;
	return text_string(&field);
}

int builtin_read(int argc, char **argv)
{
	bool raw = argc > 1 && strcmp(argv[1], "-r") == 0;
	const char *ifs = var_get("IFS");
	struct text line = { 0 };
	int i = 1 + raw;

	flush();
	bool complete = read_line(&line, raw);
	char *at = text_string(&line);
	if (raw) {
		// Escaped once, so that fields are taken apart in one way.
		struct text escaped = { 0 };

		for (; *at; at++) {
			if (*at == '\\')
				text_add(&escaped, '\\');
			text_add(&escaped, *at);
		}
		at = text_string(&escaped);
	}
	if (i >= argc)
		var_set("REPLY", read_field(&at, ifs ? ifs : " \t\n", true));
	for (; i < argc; i++)
		if (!var_set(argv[i], read_field(&at, ifs ? ifs : " \t\n",
		                                 i + 1 == argc)))
			return 2;
	return !complete;
}

// Copies: argv is gone when this command has ended.
static void set_args(char **argv, int count)
{
	static char **own; // what the last `set` allocated, to be freed
	static int own_count;
	char **args = malloc((count + 1) * sizeof *args);

	for (int i = 0; args && i < count; i++)
		if (!(args[i] = strdup(argv[i])))
			die(2, "out of memory");
	if (!args)
		die(2, "out of memory");
	args[count] = NULL;
	// Inside of a function the old ones are still wanted by its caller.
	if (own && sh.functions == 0) {
		for (int i = 0; i < own_count; i++)
			free(own[i]);
		free(own);
	}
	own = sh.functions == 0 ? args : own;
	own_count = sh.functions == 0 ? count : own_count;
	sh.args = args;
	sh.arg_count = count;
}

static bool *option_of(char letter)
{
	switch (letter) {
	case 'e':
		return &sh.set_e;
	case 'f':
		return &sh.set_f;
	case 'u':
		return &sh.set_u;
	case 'x':
		return &sh.set_x;
	}
	return NULL;
}

int builtin_set(int argc, char **argv)
{
	int i = 1;

	if (argc < 2) {
		for (struct var *v = vars; v; v = v->next)
			if (v->value)
				print("%s='%s'\n", v->name, v->value);
		return 0;
	}
	for (; i < argc && (*argv[i] == '-' || *argv[i] == '+'); i++) {
		if (strcmp(argv[i], "--") == 0) {
			set_args(argv + i + 1, argc - i - 1);
			return 0;
		}
		for (const char *c = argv[i] + 1; *c; c++) {
			if (!option_of(*c)) {
				fail(2, "set: %s: no such option", argv[i]);
				return 2;
			}
			*option_of(*c) = *argv[i] == '-';
		}
	}
	if (i < argc)
		set_args(argv + i, argc - i);
	return 0;
}

int builtin_shift(int argc, char **argv)
{
	long n = 1;

	if (argc > 1 && (!number(argv[1], &n) || n < 0)) {
		fail(2, "shift: %s: not a number", argv[1]);
		return 2;
	}
	if (n > sh.arg_count)
		return 1;
	sh.args += n;
	sh.arg_count -= n;
	return 0;
}
