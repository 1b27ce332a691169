// Jobs: what was started, and what became of it.
#pragma once
#include <stdbool.h>
#include <sys/types.h>

struct node;
struct fields;

enum state {
	STATE_RUNNING,
	STATE_STOPPED,
	STATE_DONE,
};

struct process {
	struct process *next;
	pid_t pid;
	int status; // as wait() gave it
	enum state state;
};

struct job {
	struct job *next;
	int id;                    // %1
	pid_t group;               // with job control
	struct process *processes; // the last of a pipeline first
	char *text;
	bool background, changed;
};
extern struct job *jobs; // the current one first

struct job *job_new(const char *text);

// How a process begins.
struct start {
	void (*run)(struct start *); // does not return
	struct node *node;
	struct fields *words;
	int in, out; // what it reads and writes; -1: what we do
};

// Its pid, or -1, which has been said.  Without a job it is nobody's.
pid_t job_start(struct job *job, bool foreground, struct start *start);
int job_wait(struct job *job);      // in the foreground: until it ends or stops
int job_await_end(struct job *job); // `wait`: in the background
void job_continue(struct job *job, bool foreground);
void job_poll(void);   // notices what changed meanwhile
void job_report(void); // tells, before a prompt
void job_show(struct job *job);
enum state job_state(struct job *job);
int job_status(struct job *job);        // of the last process, as $? shows it
struct job *job_find(const char *spec); // %1 %+ %- %name, or a process id
void job_free(struct job *job);
void job_forget(void); // in a subshell: they are not our children
