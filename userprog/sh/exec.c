#include "exec.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>
#include "again.h"
#include "command.h"
#include "glob.h"
#include "job.h"
#include "redirect.h"
#include "shell.h"
#include "trap.h"
#include "var.h"

// After a body or condition of a loop: whether the loop is over.
static bool loop_over(void)
{
	if (sh.unwind == UNWIND_BREAK) {
		if (--sh.levels == 0)
			sh.unwind = UNWIND_NONE;
		return true;
	}
	if (sh.unwind == UNWIND_CONTINUE && --sh.levels == 0)
		sh.unwind = UNWIND_NONE;
	return sh.unwind != UNWIND_NONE;
}

// A list whose failure decides something and ends nothing.
static bool succeeds(struct node *n)
{
	sh.untested++;
	int status = exec_node(n);
	sh.untested--;
	return status == 0;
}

static int exec_while(struct node *n)
{
	int status = 0;

	sh.loops++;
	for (;;) {
		bool go = succeeds(n->left) == (n->kind == NODE_WHILE);

		if (sh.unwind != UNWIND_NONE) {
			if (loop_over())
				break;
			continue;
		}
		if (!go)
			break;
		status = exec_node(n->right);
		if (loop_over())
			break;
	}
	sh.loops--;
	return status;
}

static int exec_for(struct node *n)
{
	struct fields list = { 0 };
	int status = 0;

	if (n->has_list)
		expand_words(n->words, &list);
	else
		for (int i = 0; i < sh.arg_count; i++)
			fields_add(&list, sh.args[i]);
	if (sh.unwind != UNWIND_NONE)
		return sh.status;
	sh.loops++;
	for (int i = 0; i < list.count; i++) {
		if (!var_set(n->name, list.at[i]))
			break;
		status = exec_node(n->right);
		if (loop_over())
			break;
	}
	sh.loops--;
	return status;
}

static int exec_case(struct node *n)
{
	const char *subject = expand_string(n->words->raw);

	for (struct node *c = n->left; c; c = c->next)
		for (struct word *w = c->words; w; w = w->next) {
			if (sh.unwind != UNWIND_NONE)
				return sh.status;
			if (glob_match(expand_pattern(w->raw), subject))
				return c->right ? exec_node(c->right) : 0;
		}
	return 0;
}

static int exec_if(struct node *n)
{
	bool yes = succeeds(n->left);

	if (sh.unwind != UNWIND_NONE)
		return sh.status;
	if (yes)
		return exec_node(n->right);
	return n->other ? exec_node(n->other) : 0;
}

static int exec_and_or(struct node *n)
{
	bool yes = succeeds(n->left);

	if (sh.unwind != UNWIND_NONE || yes != (n->kind == NODE_AND))
		return sh.status;
	return exec_node(n->right);
}

// Of a pipeline of one.
static struct node *innermost(struct node *n)
{
	while (n && n->kind == NODE_PIPE && !n->left->next && !n->negated)
		n = n->left;
	return n;
}

static void run_child(struct start *start)
{
	if (sh.lent && !(start->node && command_is_program(start->node)))
		again(start->node);
	exec_child(start->node);
}

static int exec_subshell(struct node *n)
{
	struct start start = { run_child, innermost(n->left), NULL, -1, -1 };
	struct job *job = job_new("( )");

	if (job_start(job, true, &start) < 0) {
		job_free(job);
		return sh.status;
	}
	return job_wait(job);
}

static int exec_background(struct node *n)
{
	struct start start = { run_child, innermost(n->left), NULL, -1, -1 };
	struct job *job = job_new(n->text);
	pid_t pid = job_start(job, false, &start);

	if (pid < 0) {
		job_free(job);
		return sh.status;
	}
	job->background = true;
	sh.background = pid;
	if (sh.interactive)
		message("[%d] %d\n", job->id, pid);
	return 0;
}

// Of $( ): it is no job.
pid_t exec_substitution(struct node *list, int out)
{
	struct start start = { run_child, innermost(list), NULL, -1, out };

	return job_start(NULL, true, &start);
}

// Starts one command of a pipeline: in is what it reads, *next will be what the
// one after it reads.
static bool start_piped(struct job *job, struct node *n, int in, int *next)
{
	int ends[2] = { -1, -1 };

	if (n->next && pipe2(ends, O_CLOEXEC) < 0) {
		fail(126, "cannot make a pipe: %s", strerror(errno));
		if (in >= 0)
			close(in);
		return false;
	}
	struct start start = { run_child, n, NULL, in, ends[1] };
	pid_t pid = job_start(job, true, &start);
	if (in >= 0)
		close(in);
	if (n->next)
		close(ends[1]);
	*next = ends[0];
	return pid > 0;
}

static int exec_pipe(struct node *n)
{
	struct job *job;
	int in = -1, status;

	sh.untested += n->negated;
	if (!n->left->next) {
		status = exec_node(n->left);
	} else {
		job = job_new(n->text);
		for (struct node *c = n->left; c; c = c->next)
			if (!start_piped(job, c, in, &in))
				break;
		status = job_wait(job);
	}
	sh.untested -= n->negated;
	return n->negated ? !status : status;
}

static int exec_inner(struct node *n)
{
	switch (n->kind) {
	case NODE_COMMAND:
		return command_run(n);
	case NODE_PIPE:
		return exec_pipe(n);
	case NODE_AND:
	case NODE_OR:
		return exec_and_or(n);
	case NODE_SEQUENCE:
		exec_node(n->left);
		return sh.unwind == UNWIND_NONE ? exec_node(n->right)
		                                : sh.status;
	case NODE_BACKGROUND:
		return exec_background(n);
	case NODE_SUBSHELL:
		return exec_subshell(n);
	case NODE_GROUP:
		return exec_node(n->left);
	case NODE_IF:
		return exec_if(n);
	case NODE_WHILE:
	case NODE_UNTIL:
		return exec_while(n);
	case NODE_FOR:
		return exec_for(n);
	case NODE_CASE:
		return exec_case(n);
	case NODE_FUNCTION:
		function_define(n->name, n->right);
		return 0;
	case NODE_CLAUSE:
		break;
	}
	return 0;
}

static bool is_simple(struct node *n)
{
	return n->kind == NODE_COMMAND || n->kind == NODE_SUBSHELL ||
	       (n->kind == NODE_PIPE && n->left->next && !n->negated);
}

int exec_node(struct node *n)
{
	struct mark mark = arena_mark();
	struct saved *saved = NULL;

	trap_run();
	if (interrupted && sh.interactive) {
		sh.unwind = UNWIND_ABORT;
		return sh.status = 130;
	}
	if (n->kind != NODE_COMMAND && !redirect(n->redirects, &saved))
		sh.status = 1;
	else
		sh.status = exec_inner(n);
	redirect_undo(saved);
	// set -e looks at what runs by itself, not at what contains it.
	if (sh.set_e && sh.status && !sh.untested && is_simple(n) &&
	    sh.unwind == UNWIND_NONE)
		sh.unwind = UNWIND_EXIT;
	arena_release(mark);
	return sh.status;
}

// In a process of its own: nothing comes after it, so a program needs no other.
void exec_child(struct node *n)
{
	if (!sh.lent)
		job_forget();
	n = innermost(n);
	if (n && n->kind == NODE_COMMAND)
		command_replace(n);
	if (n)
		exec_node(n);
	shell_exit(sh.status);
}
