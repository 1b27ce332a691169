#include "job.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tool.h>
#include <unistd.h>
#include "shell.h"
#include "terminal.h"
#include "trap.h"
#include "var.h"

struct job *jobs;

struct job *job_new(const char *text)
{
	struct job *job = calloc(1, sizeof *job);

	if (!job || !(job->text = strdup(text)))
		die(2, "out of memory");
	job->id = 1;
	for (struct job *j = jobs; j; j = j->next)
		if (j->id >= job->id)
			job->id = j->id + 1;
	job->next = jobs;
	return jobs = job;
}

void job_free(struct job *job)
{
	for (struct job **at = &jobs; *at; at = &(*at)->next)
		if (*at == job) {
			*at = job->next;
			break;
		}
	while (job->processes) {
		struct process *p = job->processes;

		job->processes = p->next;
		free(p);
	}
	free(job->text);
	free(job);
}

void job_forget(void)
{
	while (jobs)
		job_free(jobs);
}

// Both sides do the same, so that it is done whoever runs first.
static void join_group(struct job *job, pid_t pid, bool foreground)
{
	if (!sh.monitor || !job)
		return;
	if (!job->group)
		job->group = pid;
	setpgid(pid, job->group);
	if (foreground && job->group == pid)
		tcsetpgrp(sh.tty, pid);
}

static void connect(int from, int to)
{
	if (from == to)
		fcntl(to, F_SETFD, 0);
	else if (from >= 0)
		dup2(from, to);
}

// In the child: as a program expects to find the world.
static void become_child(struct job *job, bool foreground, sigset_t before, struct start *start)
{
	join_group(job, getpid(), foreground);
	trap_child(!sh.monitor && !foreground);
	sh.monitor = sh.interactive = false;
	sigprocmask(SIG_SETMASK, &before, NULL);
	connect(start->in, 0);
	connect(start->out, 1);
	start->run(start);
}

// The child has our memory, and we sleep until it executes a program: what it
// has changed in the meantime is put back.
static pid_t lend(struct job *job, bool foreground, sigset_t before, struct start *start)
{
	struct shell kept = sh;
	struct kept_vars kept_vars = var_keep(start->node);

	sh.lent = true;
	pid_t pid = vfork();
	if (pid == 0)
		become_child(job, foreground, before, start);
	sh = kept;
	var_put_back(kept_vars);
	return pid;
}

pid_t job_start(struct job *job, bool foreground, struct start *start)
{
	static bool no_fork; // this kernel has none
	sigset_t all = ~0UL, before = 0;
	pid_t pid = -1;

	// A ^C for the child must not meet the shell's handler in it: it waits
	// until the child has its own.
	sigprocmask(SIG_BLOCK, &all, &before);
	if (!no_fork) {
		pid = fork();
		if (pid == 0)
			become_child(job, foreground, before, start);
		no_fork = pid < 0 && errno == ENOSYS;
	}
	if (no_fork)
		pid = lend(job, foreground, before, start);
	if (pid > 0)
		join_group(job, pid, foreground);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0) {
		fail(126, "cannot fork: %s", strerror(errno));
		return pid;
	}
	if (!job)
		return pid;
	struct process *p = calloc(1, sizeof *p);
	if (!p)
		die(2, "out of memory");
	p->pid = pid;
	p->next = job->processes;
	job->processes = p;
	return pid;
}

enum state job_state(struct job *job)
{
	enum state state = STATE_DONE;

	for (struct process *p = job->processes; p; p = p->next) {
		if (p->state == STATE_RUNNING)
			return STATE_RUNNING;
		if (p->state == STATE_STOPPED)
			state = STATE_STOPPED;
	}
	return state;
}

int job_status(struct job *job)
{
	int status = job->processes ? job->processes->status : 0;

	if (WIFSTOPPED(status))
		return 128 + WSTOPSIG(status);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                           : WEXITSTATUS(status);
}

static void note(pid_t pid, int status)
{
	for (struct job *job = jobs; job; job = job->next)
		for (struct process *p = job->processes; p; p = p->next) {
			if (p->pid != pid)
				continue;
			job->changed = true;
			if (WIFCONTINUED(status)) {
				p->state = STATE_RUNNING;
				return;
			}
			p->status = status;
			p->state =
				WIFSTOPPED(status) ? STATE_STOPPED : STATE_DONE;
			return;
		}
}

// Waits until the job no longer runs.  False: a signal wants attention first.
static bool wait_for(struct job *job)
{
	while (job_state(job) == STATE_RUNNING) {
		int status;
		pid_t pid = waitpid(-1, &status, sh.monitor ? WUNTRACED : 0);

		if (pid > 0) {
			note(pid, status);
		} else if (errno != EINTR) {
			// Nobody left to wait for: it is over, however.
			for (struct process *p = job->processes; p; p = p->next)
				p->state = STATE_DONE;
		} else if (trap_pending() || interrupted) {
			return false;
		}
	}
	return true;
}

// Says why a program died, unless that is what the user did or wants.
static void explain(struct job *job)
{
	int status = job->processes ? job->processes->status : 0;

	if (!WIFSIGNALED(status))
		return;
	if (WTERMSIG(status) == SIGINT && sh.monitor) {
		message("\n");
		interrupted = 2; // what follows on the line, too
	} else if (WTERMSIG(status) != SIGINT && WTERMSIG(status) != SIGPIPE) {
		message("%s\n", signal_text(WTERMSIG(status)));
	}
}

int job_wait(struct job *job)
{
	// A ^C that came while the terminal was still ours was meant for it.
	if (sh.monitor && interrupted == 1) {
		interrupted = 0;
		kill(-job->group, SIGINT);
	}
	while (!wait_for(job) && !sh.monitor)
		interrupted = 0; // it was for the child, too
	if (sh.monitor)
		terminal_take();
	int status = job_status(job);
	if (job_state(job) == STATE_DONE) {
		explain(job);
		job_free(job);
	} else {
		job->background = true;
		job->changed = false;
		message("\n");
		job_show(job);
		flush();
	}
	return status;
}

int job_await_end(struct job *job)
{
	if (!wait_for(job))
		return 128 + SIGINT;
	int status = job_status(job);
	if (job_state(job) == STATE_DONE && !sh.interactive)
		job_free(job);
	return status;
}

void job_continue(struct job *job, bool foreground)
{
	job->background = !foreground;
	job->changed = false;
	for (struct process *p = job->processes; p; p = p->next)
		if (p->state == STATE_STOPPED)
			p->state = STATE_RUNNING;
	if (foreground)
		terminal_give(job->group);
	kill(-job->group, SIGCONT);
}

void job_poll(void)
{
	int status;
	pid_t pid;

	if (!jobs)
		return;
	while ((pid = waitpid(-1, &status,
	                      WNOHANG | (sh.monitor ? WUNTRACED | WCONTINUED
	                                            : 0))) > 0)
		note(pid, status);
}
