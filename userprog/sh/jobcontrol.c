// Builtins about jobs.
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <tool.h>
#include "builtin.h"
#include "job.h"
#include "shell.h"

static int no_job(const char *command, const char *spec)
{
	message("%s: %s: no such job\n", command, spec ? spec : "current");
	return 1;
}

int builtin_jobs(int argc, char **argv)
{
	(void)argc, (void)argv;
	job_poll();
	// The oldest first: they are kept the other way round.
	for (int id = 1, seen = 1; seen; id++) {
		seen = 0;
		for (struct job *job = jobs; job; job = job->next) {
			seen |= job->id > id;
			if (job->id != id)
				continue;
			job_show(job);
			job->changed = false;
			break;
		}
	}
	return 0;
}

// And bg.
int builtin_fg(int argc, char **argv)
{
	struct job *job = job_find(argc > 1 ? argv[1] : NULL);
	bool foreground = argv[0][0] == 'f';

	if (!sh.monitor) {
		message("%s: no job control\n", argv[0]);
		return 1;
	}
	if (!job)
		return no_job(argv[0], argc > 1 ? argv[1] : NULL);
	if (foreground)
		print("%s\n", job->text);
	else
		print("[%d] %s &\n", job->id, job->text);
	flush();
	job_continue(job, foreground);
	return foreground ? job_wait(job) : 0;
}

static int wait_all(void)
{
	struct job *job = jobs, *next;

	for (; job; job = next) {
		next = job->next;
		if (job_state(job) == STATE_STOPPED)
			continue;
		job_await_end(job);
		if (interrupted)
			return 128 + SIGINT;
		// It was waited for, so it needs no report.
		if (sh.interactive && job_state(job) == STATE_DONE)
			job_free(job);
	}
	return 0;
}

int builtin_wait(int argc, char **argv)
{
	int status = 0;

	if (argc < 2)
		return wait_all();
	for (int i = 1; i < argc; i++) {
		struct job *job = job_find(argv[i]);

		status = job ? job_await_end(job) : 127;
	}
	return status;
}

static int kill_one(const char *target, int signal)
{
	struct job *job = *target == '%' ? job_find(target) : NULL;
	long pid;

	if (*target == '%' && !job)
		return no_job("kill", target);
	if (!job && !number(target, &pid)) {
		message("kill: %s: not a process\n", target);
		return 2;
	}
	if (job && job->group)
		pid = -job->group;
	else if (job)
		pid = job->processes->pid;
	if (kill(pid, signal) == 0) {
		// A stopped process must run to die.
		if (job && job->group && signal != SIGSTOP)
			kill(pid, SIGCONT);
		return 0;
	}
	message("kill: %s: %s\n", target, strerror(errno));
	return 1;
}

// A builtin because it takes jobs, and works when no process can be started.
int builtin_kill(int argc, char **argv)
{
	int signal = SIGTERM, i = 1, status = 0;

	if (argc > 1 && strcmp(argv[1], "-l") == 0) {
		for (int n = SIGHUP; n <= SIGTTOU; n++)
			print("%2d %s\n", n, signal_name(n));
		return 0;
	}
	if (argc > 2 && strcmp(argv[1], "-s") == 0) {
		signal = signal_number(argv[2]);
		i = 3;
	} else if (argc > 1 && argv[1][0] == '-') {
		if (argv[1][1] != '-')
			signal = signal_number(argv[1] + 1);
		i = 2;
	}
	if (signal < 0 || i >= argc) {
		message("usage: kill [-SIGNAL] PID|%%JOB...\n");
		return 2;
	}
	for (; i < argc; i++)
		status |= kill_one(argv[i], signal);
	return status;
}
