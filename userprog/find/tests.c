#include "tests.h"
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <tool.h>
#include <unistd.h>
#include <wildcard.h>

bool test_true(const struct expression *e, struct visit *v)
{
	(void)e, (void)v;
	return true;
}

bool test_not(const struct expression *e, struct visit *v)
{
	return !e->left->holds(e->left, v);
}

bool test_and(const struct expression *e, struct visit *v)
{
	return e->left->holds(e->left, v) && e->right->holds(e->right, v);
}

bool test_or(const struct expression *e, struct visit *v)
{
	return e->left->holds(e->left, v) || e->right->holds(e->right, v);
}

static bool test_false(const struct expression *e, struct visit *v)
{
	(void)e, (void)v;
	return false;
}

// ---- names ----

// Without the slashes at the end that the user typed.
static size_t name_length(const char *name)
{
	size_t length = strlen(name);

	while (length > 1 && name[length - 1] == '/')
		length--;
	return length;
}

static bool test_name(const struct expression *e, struct visit *v)
{
	return wildcard_match(e->text, v->name, v->name + name_length(v->name));
}

static bool test_path(const struct expression *e, struct visit *v)
{
	return wildcard_match(e->text, v->path, v->path + strlen(v->path));
}

static void lower(char *to, const char *from, size_t size)
{
	while (--size && *from)
		*to++ = tolower((unsigned char)*from++);
	*to = '\0';
}

static bool test_iname(const struct expression *e, struct visit *v)
{
	char pattern[256], name[256];

	lower(pattern, e->text, sizeof pattern);
	lower(name, v->name, sizeof name);
	return wildcard_match(pattern, name, name + name_length(name));
}

// ---- what stat() tells ----

static bool compare(const struct expression *e, long value)
{
	return e->kind == '+'   ? value > e->number
	       : e->kind == '-' ? value < e->number
	                        : value == e->number;
}

static bool test_type(const struct expression *e, struct visit *v)
{
	char mode[11];

	inode_mode(v->st->mode, mode);
	return e->text[0] == (mode[0] == '-' ? 'f' : mode[0]);
}

static bool test_size(const struct expression *e, struct visit *v)
{
	return compare(e, (v->st->size + e->factor - 1) / e->factor);
}

static long age(long seconds, long unit)
{
	static time_t now;

	if (!now)
		now = time(NULL);
	return (now - seconds) / unit;
}

static bool test_mtime(const struct expression *e, struct visit *v)
{
	return compare(e, age(v->st->mtime, 86400));
}

static bool test_mmin(const struct expression *e, struct visit *v)
{
	return compare(e, age(v->st->mtime, 60));
}

bool test_newer(const struct expression *e, struct visit *v)
{
	return v->st->mtime > e->number ||
	       (v->st->mtime == e->number && v->st->mtime_ns > e->factor);
}

static bool test_links(const struct expression *e, struct visit *v)
{
	return compare(e, v->st->nlink);
}

static bool test_inum(const struct expression *e, struct visit *v)
{
	return compare(e, v->st->ino);
}

static bool test_same(const struct expression *e, struct visit *v)
{
	return (long)v->st->ino == e->number && (long)v->st->dev == e->factor;
}

static bool test_perm(const struct expression *e, struct visit *v)
{
	unsigned has = v->st->mode & 07777, wanted = e->number;

	return e->kind == '-'   ? (has & wanted) == wanted
	       : e->kind == '/' ? !wanted || (has & wanted)
	                        : has == wanted;
}

static bool test_empty(const struct expression *e, struct visit *v)
{
	bool empty = true;
	struct dirent *entry;
	(void)e;

	if (!S_ISDIR(v->st->mode))
		return S_ISREG(v->st->mode) && v->st->size == 0;
	DIR *dir = opendir(v->path);
	if (!dir)
		return false;
	while (empty && (entry = readdir(dir)) != NULL)
		empty = strcmp(entry->d_name, ".") == 0 ||
		        strcmp(entry->d_name, "..") == 0;
	closedir(dir);
	return empty;
}

// ---- actions ----

bool act_print(const struct expression *e, struct visit *v)
{
	(void)e;
	print("%s\n", v->path);
	return true;
}

static bool act_print0(const struct expression *e, struct visit *v)
{
	(void)e;
	put(v->path, strlen(v->path) + 1);
	return true;
}

static bool act_prune(const struct expression *e, struct visit *v)
{
	(void)e;
	v->prune = true;
	return true;
}

bool act_delete(const struct expression *e, struct visit *v)
{
	(void)e;
	if (strcmp(v->path, ".") == 0)
		return true;
	if ((S_ISDIR(v->st->mode) ? rmdir : unlink)(v->path) == 0)
		return true;
	status = complain(v->path);
	return false;
}

static bool act_quit(const struct expression *e, struct visit *v)
{
	(void)e, (void)v;
	finish();
	exit(done(status));
}

// ---- -exec ----

#define MOST 512 // words of one command

static bool run(char **command)
{
	int ended = 1;

	flush();
	pid_t pid = vfork();
	if (pid == 0) {
		execvp(command[0], command);
		complain(command[0]);
		_exit(127);
	}
	if (pid < 0)
		return status = complain("vfork"), false;
	waitpid(pid, &ended, 0);
	return ended == 0;
}

// {} in a word is the path.
static char *replaced(const char *word, const char *path)
{
	size_t size = (strlen(word) / 2 + 1) * (strlen(path) + 2) + 1;
	char *out = calloc(1, size), *to = out;

	if (!out)
		die(1, "out of memory");
	while (*word)
		if (word[0] == '{' && word[1] == '}') {
			to = stpcpy(to, path);
			word += 2;
		} else {
			*to++ = *word++;
		}
	return out;
}

// Of -exec {} +: one command at a time is filled.
static const struct expression *filling;
static char *paths[MOST + 1];
static int filled;

void finish(void)
{
	if (!filling || filled == filling->count - 1)
		return;
	paths[filled] = NULL;
	if (!run(paths))
		status = 1;
	while (filled > filling->count - 1)
		free(paths[--filled]);
}

static bool gather(const struct expression *e, const char *path)
{
	if (filling != e || filled == MOST) {
		finish();
		filling = e;
		for (filled = 0; filled < e->count - 1; filled++)
			paths[filled] = e->words[filled];
	}
	paths[filled] = strdup(path);
	if (!paths[filled++])
		die(1, "out of memory");
	return true;
}

static bool act_exec(const struct expression *e, struct visit *v)
{
	char *command[MOST + 1];
	bool fine;

	if (e->count > MOST)
		die(1, "-exec: too many words");
	if (e->kind == '+')
		return gather(e, v->path);
	for (int i = 0; i < e->count; i++)
		command[i] = replaced(e->words[i], v->path);
	command[e->count] = NULL;
	fine = run(command);
	for (int i = 0; i < e->count; i++)
		free(command[i]);
	return fine;
}

const struct word words[] = {
	{ "-true", test_true, NOTHING, false },
	{ "-false", test_false, NOTHING, false },
	{ "-name", test_name, TEXT, false },
	{ "-iname", test_iname, TEXT, false },
	{ "-path", test_path, TEXT, false },
	{ "-type", test_type, TEXT, false },
	{ "-size", test_size, SIZE, false },
	{ "-mtime", test_mtime, NUMBER, false },
	{ "-mmin", test_mmin, NUMBER, false },
	{ "-newer", test_newer, FILE_NAME, false },
	{ "-links", test_links, NUMBER, false },
	{ "-inum", test_inum, NUMBER, false },
	{ "-samefile", test_same, FILE_NAME, false },
	{ "-perm", test_perm, MODE, false },
	{ "-empty", test_empty, NOTHING, false },
	{ "-print", act_print, NOTHING, true },
	{ "-print0", act_print0, NOTHING, true },
	{ "-prune", act_prune, NOTHING, false },
	{ "-delete", act_delete, NOTHING, true },
	{ "-quit", act_quit, NOTHING, true },
	{ "-exec", act_exec, COMMAND, true },
	{ NULL, NULL, NOTHING, false },
};
