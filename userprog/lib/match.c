// Running patterns.
#include <ctype.h>
#include <pattern.h>
#include "code.h"

struct run {
	struct pattern *p;
	const char *text;
	size_t length, at;
	int *list, count; // threads that go on at `at`
};

// Adds a thread and whatever it reaches without taking a character.
static void follow(struct run *r, int pc)
{
	const struct code *code = &r->p->code[pc];

	if (r->p->seen[pc] == r->p->round)
		return;
	r->p->seen[pc] = r->p->round;
	switch (code->op) {
	case OP_JUMP:
		follow(r, pc + code->to);
		break;
	case OP_SPLIT:
		follow(r, pc + 1);
		follow(r, pc + code->to);
		break;
	case OP_START:
		if (r->at == 0)
			follow(r, pc + 1);
		break;
	case OP_END:
		if (r->at == r->length)
			follow(r, pc + 1);
		break;
	default:
		r->list[r->count++] = pc;
	}
}

static bool takes(const struct pattern *p, const struct code *code,
                  unsigned char c)
{
	switch (code->op) {
	case OP_CHAR:
		return code->c == c ||
		       (p->fold && tolower(code->c) == tolower(c));
	case OP_ANY:
		return true;
	case OP_SET:
		return code->set[c / 8] >> c % 8 & 1;
	}
	return false;
}

// The end of the longest match that starts here, or -1.
static long match_at(struct pattern *p, const char *text, size_t length,
                     size_t start)
{
	struct run r = { p, text, length, start, p->threads[0], 0 };
	long end = -1;

	p->round++;
	follow(&r, 0);
	for (;;) {
		int *now = r.list, count = r.count;

		for (int i = 0; i < count; i++)
			if (p->code[now[i]].op == OP_MATCH)
				end = r.at;
		if (r.at == length || count == 0)
			return end;
		unsigned char c = text[r.at++];
		r.list = p->threads[now == p->threads[0]];
		r.count = 0;
		p->round++;
		for (int i = 0; i < count; i++)
			if (takes(p, &p->code[now[i]], c))
				follow(&r, now[i] + 1);
	}
}

bool pattern_find(const struct pattern *pattern, const char *text,
                  size_t length, size_t *start, size_t *end)
{
	// Only the lists of threads change, and nobody looks at those.
	struct pattern *p = (struct pattern *)pattern;

	for (size_t at = *start; at <= length; at++) {
		long found = match_at(p, text, length, at);

		if (found >= 0) {
			*start = at;
			*end = found;
			return true;
		}
	}
	return false;
}
