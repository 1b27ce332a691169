#include "var.h"
#include <stdlib.h>
#include <string.h>
#include <tool.h>
#include "arena.h"
#include "shell.h"
#include "tree.h"

struct var *vars;

struct var *var_find(const char *name, size_t length, bool create)
{
	struct var *v;

	for (v = vars; v; v = v->next)
		if (strncmp(v->name, name, length) == 0 && !v->name[length])
			return v;
	if (!create)
		return NULL;
	v = calloc(1, sizeof *v);
	if (!v || !(v->name = strndup(name, length)))
		die(2, "out of memory");
	v->next = vars;
	return vars = v;
}

const char *var_get_n(const char *name, size_t length)
{
	struct var *v = var_find(name, length, false);

	return v ? v->value : NULL;
}

const char *var_get(const char *name)
{
	return var_get_n(name, strlen(name));
}

static bool set(const char *name, size_t length, const char *value)
{
	struct var *v = var_find(name, length, true);

	if (v->read_only) {
		fail(2, "%s: is read only", v->name);
		return false;
	}
	char *copy = strdup(value); // value may be the old one
	if (!copy)
		die(2, "out of memory");
	free(v->value);
	v->value = copy;
	return true;
}

bool var_set(const char *name, const char *value)
{
	return set(name, strlen(name), value);
}

bool var_assign(const char *assignment)
{
	const char *sign = strchr(assignment, '=');

	return set(assignment, sign - assignment, sign + 1);
}

bool var_unset(const char *name)
{
	for (struct var **at = &vars; *at; at = &(*at)->next) {
		struct var *v = *at;

		if (strcmp(v->name, name) != 0)
			continue;
		if (v->read_only) {
			fail(2, "%s: is read only", name);
			return false;
		}
		*at = v->next;
		free(v->name);
		free(v->value);
		free(v);
		break;
	}
	return true;
}

struct kept_var {
	struct kept_var *next;
	const char *name;
	size_t length;
	char *value; // NULL: not set
	bool known, exported;
};

struct kept_vars var_keep(struct node *n)
{
	struct kept_vars kept = { NULL };

	for (struct word *w = n ? n->assignments : NULL; w; w = w->next) {
		struct kept_var *k = arena_alloc(sizeof *k);
		struct var *v;

		k->name = w->raw;
		k->length = strcspn(w->raw, "=");
		v = var_find(k->name, k->length, false);
		k->known = v != NULL;
		k->exported = v && v->exported;
		if (v && v->value)
			k->value = arena_copy(v->value, strlen(v->value));
		k->next = kept.first;
		kept.first = k;
	}
	return kept;
}

// What is named twice was kept twice, alike.
void var_put_back(struct kept_vars kept)
{
	for (struct kept_var *k = kept.first; k; k = k->next) {
		struct var *v = var_find(k->name, k->length, false);

		if (!v || v->read_only)
			continue;
		free(v->value);
		v->value = k->value ? strdup(k->value) : NULL;
		v->exported = k->exported;
		if (!k->known)
			var_unset(v->name);
	}
}

char **var_environment(void)
{
	size_t count = 0;
	char **out;

	for (struct var *v = vars; v; v = v->next)
		count += v->exported && v->value;
	out = arena_alloc((count + 1) * sizeof *out);
	count = 0;
	for (struct var *v = vars; v; v = v->next) {
		struct text text = { 0 };

		if (!v->exported || !v->value)
			continue;
		text_put(&text, v->name, strlen(v->name));
		text_add(&text, '=');
		text_put(&text, v->value, strlen(v->value));
		out[count++] = text_string(&text);
	}
	return out;
}

void var_init(char **environment)
{
	for (; *environment; environment++) {
		const char *sign = strchr(*environment, '=');

		if (!sign)
			continue;
		var_assign(*environment);
		var_find(*environment, sign - *environment, false)->exported =
			true;
	}
	if (!var_get("PATH"))
		var_set("PATH", "/bin");
	if (!var_get("PS1"))
		var_set("PS1", "$ ");
	if (!var_get("PS2"))
		var_set("PS2", "> ");
	var_set("IFS", " \t\n"); // never taken from outside
}
