// Showing and finding jobs.
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tool.h>
#include "job.h"
#include "shell.h"

static void state_text(struct job *job, char *to, size_t size)
{
	int status = job->processes ? job->processes->status : 0;

	switch (job_state(job)) {
	case STATE_RUNNING:
		format(to, size, "Running");
		break;
	case STATE_STOPPED:
		format(to, size, "Stopped");
		break;
	default:
		if (WIFSIGNALED(status))
			format(to, size, "%s", signal_text(WTERMSIG(status)));
		else if (WEXITSTATUS(status))
			format(to, size, "Exit %d", WEXITSTATUS(status));
		else
			format(to, size, "Done");
	}
}

void job_show(struct job *job)
{
	char state[32];
	char mark = job == jobs ? '+' : jobs && job == jobs->next ? '-'
	                                                          : ' ';

	state_text(job, state, sizeof state);
	print("[%d]%c %-12s %s\n", job->id, mark, state, job->text);
}

void job_report(void)
{
	struct job *next;

	job_poll();
	for (struct job *job = jobs; job; job = next) {
		next = job->next;
		enum state state = job_state(job);

		if (job->changed && state != STATE_RUNNING && sh.interactive)
			job_show(job);
		job->changed = false;
		if (state == STATE_DONE)
			job_free(job);
	}
	flush();
}

struct job *job_find(const char *spec)
{
	long value;

	if (!spec || strcmp(spec, "%") == 0 || strcmp(spec, "%%") == 0 ||
	    strcmp(spec, "%+") == 0)
		return jobs;
	if (strcmp(spec, "%-") == 0)
		return jobs ? jobs->next : NULL;
	for (struct job *job = jobs; job; job = job->next) {
		if (*spec != '%') {
			if (!number(spec, &value))
				return NULL;
			for (struct process *p = job->processes; p; p = p->next)
				if (p->pid == value)
					return job;
		} else if (number(spec + 1, &value)) {
			if (job->id == value)
				return job;
		} else if (strncmp(job->text, spec + 1, strlen(spec + 1)) ==
		           0) {
			return job;
		}
	}
	return NULL;
}
