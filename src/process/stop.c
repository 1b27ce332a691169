#include "process/stop.h"
#include "process/deliver.h"

#define STOPS (1ul << (SIGSTOP - 1) | 1ul << (SIGTSTP - 1) | \
               1ul << (SIGTTIN - 1) | 1ul << (SIGTTOU - 1))

// A held thread gets no turn: it is in no queue, and what wakes it ends here.
static struct trapframe *stop_turn(struct task *task)
{
	(void)task;
	return NULL;
}

bool stop_holds(struct process *thread)
{
	return family_of(family_leader(thread))->stopped != 0;
}

// wait4() is woken whatever the parent thinks of SIGCHLD: WUNTRACED is asked
// for there, SA_NOCLDSTOP speaks of the signal only.
static void stop_tell_parent(struct process *leader, int news)
{
	struct family *family = family_of(leader);
	struct siginfo info = family_info(leader, news);

	family->news = news;
	if (family->parent == NULL)
		return;
	wake_all(&family_of(family->parent)->changed);
	if (!(action_of(family->parent, SIGCHLD).flags & SA_NOCLDSTOP))
		family_signal(family->parent, &info);
}

// Its call stays as it is, on its waker.  If it is woken while it is held that
// is lost, so whoever lets go makes it look again.
static void stop_hold(struct process *thread)
{
	if (thread->ended || family_of(thread)->killed_by)
		return;
	thread->task.run = stop_turn;
	if (sched_many)
		sched_many->call(&thread->task); // it runs on another hart
}

void stop_process(struct process *thread, int signal)
{
	struct process *leader = family_leader(thread);

	family_stop(leader, signal);
	FAMILY_THREADS(node, leader)
		stop_hold(family_thread(node));
	stop_hold(leader);
	stop_tell_parent(leader, STATUS_STOPPED(signal));
}

// By way of its signals, for SIGCONT may have a handler; that turn also polls
// the call, which may have missed its waker.
static void stop_release(struct process *thread)
{
	if (thread->ended || family_of(thread)->killed_by)
		return;
	thread->task.run = signal_turn;
	sched_prod(&thread->task);
}

static void stop_continue(struct process *leader)
{
	struct family *family = family_of(leader);

	if (!family->stopped)
		return;
	family_stop(leader, 0);
	FAMILY_THREADS(node, leader)
		stop_release(family_thread(node));
	stop_release(leader);
	stop_tell_parent(leader, STATUS_CONTINUED);
}

// This happens when the signal is sent, even if it is blocked or ignored: else
// a stopped process that blocks SIGCONT could never be continued.  (POSIX,
// "Signal Concepts".)  SIGKILL only lifts the stop; the end is the sender's to
// arrange.
void stop_signal_sent(struct process *leader, int signal)
{
	if (signal == SIGCONT) {
		signals_forget(leader, STOPS);
		stop_continue(leader);
	} else if (signal_default(signal) == SIGNAL_STOPS) {
		signals_forget(leader, sigset_of(SIGCONT));
	} else if (signal == SIGKILL) {
		family_stop(leader, 0);
	}
}
