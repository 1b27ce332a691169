#include "command.h"
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <tool.h>
#include <unistd.h>
#include "again.h"
#include "builtin.h"
#include "exec.h"
#include "job.h"
#include "redirect.h"
#include "shell.h"
#include "var.h"

struct function {
	struct function *next;
	char *name;
	struct node *body;
};
static struct function *functions;

void function_define(const char *name, struct node *body)
{
	struct function *f = arena_alloc(sizeof *f);

	function_remove(name);
	f->name = arena_copy(name, strlen(name));
	f->body = body;
	f->next = functions;
	functions = f;
	arena_keep();
}

bool function_remove(const char *name)
{
	for (struct function **at = &functions; *at; at = &(*at)->next)
		if (strcmp((*at)->name, name) == 0) {
			*at = (*at)->next;
			return true;
		}
	return false;
}

struct node *function_find(const char *name)
{
	for (struct function *f = functions; f; f = f->next)
		if (strcmp(f->name, name) == 0)
			return f->body;
	return NULL;
}

void functions_write(struct text *out)
{
	for (struct function *f = functions; f; f = f->next) {
		text_put(out, f->name, strlen(f->name));
		text_put(out, "() ", 3);
		tree_write(out, f->body);
		text_add(out, '\n');
	}
}

// A runaway recursion should end with a message and not with a fault: a stack
// holds about so many calls.
#define MAX_CALLS 1000
#define CALL_SIZE 4096

static int most_calls(void)
{
	struct rlimit stack;

	if (getrlimit(RLIMIT_STACK, &stack) < 0 ||
	    stack.rlim_cur / CALL_SIZE > MAX_CALLS)
		return MAX_CALLS;
	return stack.rlim_cur / CALL_SIZE;
}

static int call_function(struct node *body, int argc, char **argv)
{
	char **args = sh.args;
	int count = sh.arg_count, loops = sh.loops;

	if (sh.functions >= most_calls()) {
		fail(2, "%s: too many calls inside of each other", argv[0]);
		return 2;
	}
	sh.functions++;
	sh.args = argv + 1;
	sh.arg_count = argc - 1;
	sh.loops = 0;
	int status = exec_node(body);
	if (sh.unwind == UNWIND_RETURN)
		sh.unwind = UNWIND_NONE;
	sh.functions--;
	sh.args = args;
	sh.arg_count = count;
	sh.loops = loops;
	return status;
}

static bool executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       access(path, X_OK) == 0;
}

bool find_program(const char *name, char *path, size_t size)
{
	const char *at = var_get("PATH");

	if (strchr(name, '/')) {
		format(path, size, "%s", name);
		return executable(path);
	}
	while (at && *at) {
		int length = strcspn(at, ":");

		format(path, size, "%.*s%s%s", length, at, length ? "/" : "",
		       name);
		if (executable(path))
			return true;
		at += length + (at[length] == ':');
	}
	return false;
}

static bool is_text(const char *path)
{
	char head[128];
	ssize_t n = read_file(path, head, sizeof head);

	return n >= 0 && !memchr(head, 0, n);
}

// Not here, for this memory is our parent's.
static void run_script_anew(const char *path, char **argv, int count)
{
	char **args = arena_alloc((count + 2) * sizeof *args);

	args[0] = "sh";
	args[1] = (char *)path;
	memcpy(args + 2, argv + 1, count * sizeof *args);
	execve("/bin/sh", args, var_environment());
	message("sh: %s: %s\n", path, strerror(errno));
	_exit(126);
}

// The kernel knows no such program.  A text is a script: for us, since we are
// here already.
static void run_script(const char *path, char **argv)
{
	int count = 0;

	if (!is_text(path)) {
		message("sh: %s: neither a program nor a script\n", path);
		_exit(126);
	}
	while (argv[count])
		count++;
	if (sh.lent)
		run_script_anew(path, argv, count);
	sh.name = argv[0];
	sh.args = argv + 1;
	sh.arg_count = count - 1;
	sh.functions = sh.loops = 0;
	run_file(path);
	shell_exit(sh.status);
}

void exec_program(char **argv)
{
	char path[512];

	if (!find_program(argv[0], path, sizeof path) &&
	    !strchr(argv[0], '/')) {
		message("sh: %s: not found\n", argv[0]);
		_exit(127);
	}
	execve(path, argv, var_environment());
	if (errno == ENOEXEC)
		run_script(path, argv);
	message("sh: %s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static bool assign(struct word *words)
{
	for (; words; words = words->next) {
		char *text = expand_assignment(words->raw);

		if (sh.unwind != UNWIND_NONE || !var_assign(text))
			return false;
	}
	return true;
}

// NAME=VALUE program: for the program only.
static bool assign_exported(struct word *words)
{
	if (!assign(words))
		return false;
	for (; words; words = words->next)
		var_find(words->raw, strcspn(words->raw, "="), true)->exported =
			true;
	return true;
}

static void trace(struct fields *words)
{
	if (!sh.set_x || words->count == 0)
		return;
	message("+");
	for (int i = 0; i < words->count; i++)
		message(" %s", words->at[i]);
	message("\n");
}

static int run_inside(struct node *n, struct fields *words)
{
	struct node *body = words->count ? function_find(words->at[0]) : NULL;
	const struct builtin *builtin = NULL;
	struct saved *saved = NULL;
	int status = 1;

	if (!body && words->count)
		builtin = builtin_find(words->at[0]);
	redirects_stay = false;
	if (redirect(n->redirects, &saved) && assign(n->assignments)) {
		if (body)
			status = call_function(body, words->count, words->at);
		else if (builtin)
			status = builtin->run(words->count, words->at);
		else // assignments: the status of the last $( ) in them
			status = sh.substituted ? sh.status : 0;
	}
	flush();
	if (!redirects_stay)
		redirect_undo(saved);
	redirects_stay = false;
	return sh.unwind == UNWIND_ABORT ? sh.status : status;
}

static void become(struct start *start)
{
	struct node *n = start->node;

	if (!redirect(n->redirects, NULL))
		_exit(1);
	if (!assign_exported(n->assignments))
		_exit(1);
	exec_program(start->words->at);
}

static bool is_program(struct fields *words)
{
	return words->count > 0 && !function_find(words->at[0]) &&
	       !builtin_find(words->at[0]);
}

int command_run(struct node *n)
{
	struct fields words = { 0 };

	sh.substituted = false;
	expand_words(n->words, &words);
	if (sh.unwind != UNWIND_NONE)
		return sh.status;
	trace(&words);
	if (!is_program(&words))
		return run_inside(n, &words);
	struct text text = { 0 };
	for (int i = 0; i < words.count; i++) {
		text_put(&text, words.at[i], strlen(words.at[i]));
		if (i + 1 < words.count)
			text_add(&text, ' ');
	}
	struct job *job = job_new(text_string(&text));
	struct start start = { become, n, &words, -1, -1 };
	if (job_start(job, true, &start) < 0) {
		job_free(job);
		return sh.status;
	}
	return job_wait(job);
}

void command_replace(struct node *n)
{
	struct fields words = { 0 };

	expand_words(n->words, &words);
	if (sh.unwind != UNWIND_NONE)
		shell_exit(sh.status);
	if (is_program(&words)) {
		struct start start = { become, n, &words, -1, -1 };
		trace(&words);
		become(&start);
	}
	if (n->words) {
		trace(&words);
		shell_exit(run_inside(n, &words));
	}
}

// Whether nothing has to be expanded to know that it is a program; what is
// expanded to find that out may have done something by then.
bool command_is_program(struct node *n)
{
	char *name[2] = { NULL, NULL };
	struct fields words = { name, 1, 2 };

	if (n->kind != NODE_COMMAND || !n->words ||
	    strpbrk(n->words->raw, "$`'\"\\*?[~"))
		return false;
	name[0] = n->words->raw;
	return is_program(&words);
}
