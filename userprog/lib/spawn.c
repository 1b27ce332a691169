// posix_spawn(): a new process that runs another program, without a copy of
// this one in between.  The child borrows our memory until it executes, so what
// went wrong there is found in a variable of ours.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct __posix_spawnattr {
	short flags;
	pid_t group;
	sigset_t by_default, mask;
};

enum action_kind {
	ACTION_OPEN,
	ACTION_DUP,
	ACTION_CLOSE,
};

struct action {
	struct action *next;
	enum action_kind kind;
	int fd, from, flags;
	mode_t mode;
	char path[];
};

struct __posix_spawn_file_actions {
	struct action *first, **end;
};

// ---- what is asked for ------------------------------------------------------

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *out)
{
	*out = calloc(1, sizeof **out);
	if (!*out)
		return ENOMEM;
	(*out)->end = &(*out)->first;
	return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions)
{
	struct action *next;

	for (struct action *a = (*actions)->first; a; a = next) {
		next = a->next;
		free(a);
	}
	free(*actions);
	return 0;
}

static int action_add(posix_spawn_file_actions_t *actions, struct action like,
                      const char *path)
{
	struct action *a = malloc(sizeof *a + strlen(path) + 1);

	if (!a)
		return ENOMEM;
	*a = like;
	strcpy(a->path, path);
	*(*actions)->end = a;
	(*actions)->end = &a->next;
	return 0;
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *actions,
                                     int fd, const char *path, int flags,
                                     mode_t mode)
{
	struct action a = { NULL, ACTION_OPEN, fd, -1, flags, mode };

	return fd < 0 ? EBADF : action_add(actions, a, path);
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions,
                                     int from, int fd)
{
	struct action a = { NULL, ACTION_DUP, fd, from, 0, 0 };

	return fd < 0 || from < 0 ? EBADF : action_add(actions, a, "");
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions,
                                      int fd)
{
	struct action a = { NULL, ACTION_CLOSE, fd, -1, 0, 0 };

	return fd < 0 ? EBADF : action_add(actions, a, "");
}

int posix_spawnattr_init(posix_spawnattr_t *out)
{
	*out = calloc(1, sizeof **out);
	return *out ? 0 : ENOMEM;
}

int posix_spawnattr_destroy(posix_spawnattr_t *attr)
{
	free(*attr);
	return 0;
}

// Scheduling and user IDs are the same for all here.
int posix_spawnattr_setflags(posix_spawnattr_t *attr, short flags)
{
	if (flags & ~(POSIX_SPAWN_RESETIDS | POSIX_SPAWN_SETPGROUP |
	              POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
		return EINVAL;
	(*attr)->flags = flags;
	return 0;
}

int posix_spawnattr_setpgroup(posix_spawnattr_t *attr, pid_t group)
{
	(*attr)->group = group;
	return 0;
}

int posix_spawnattr_setsigdefault(posix_spawnattr_t *attr, const sigset_t *set)
{
	(*attr)->by_default = *set;
	return 0;
}

int posix_spawnattr_setsigmask(posix_spawnattr_t *attr, const sigset_t *set)
{
	(*attr)->mask = *set;
	return 0;
}

// ---- in the child -----------------------------------------------------------

static bool act(const struct action *a)
{
	int fd;

	if (a->kind == ACTION_CLOSE)
		return close(a->fd) == 0 || errno == EBADF;
	if (a->kind == ACTION_DUP && a->from == a->fd)
		return fcntl(a->fd, F_SETFD, 0) == 0;
	if (a->kind == ACTION_DUP)
		return dup2(a->from, a->fd) >= 0;
	fd = open(a->path, a->flags, a->mode);
	if (fd < 0 || fd == a->fd)
		return fd >= 0;
	if (dup2(fd, a->fd) < 0)
		return false;
	return close(fd) == 0;
}

// A handler of ours would run in memory that is lent.  false: one may be left,
// for there is no memory for a table of the child's own.
static bool reset_signals(sigset_t by_default)
{
	for (int signal = 1; signal < NSIG; signal++) {
		struct sigaction now;

		if (sigaction(signal, NULL, &now) < 0)
			continue;
		if (now.sa_handler == SIG_DFL ||
		    (now.sa_handler == SIG_IGN &&
		     !(by_default >> (signal - 1) & 1)))
			continue;
		now = (struct sigaction){ .sa_handler = SIG_DFL };
		if (sigaction(signal, &now, NULL) < 0)
			return false;
	}
	return true;
}

static bool prepare(const posix_spawn_file_actions_t *actions,
                    const struct __posix_spawnattr *attr, sigset_t mask)
{
	if (!reset_signals(attr->flags & POSIX_SPAWN_SETSIGDEF
	                           ? attr->by_default : 0))
		return false;
	if (attr->flags & POSIX_SPAWN_SETPGROUP && setpgid(0, attr->group) < 0)
		return false;
	for (struct action *a = actions ? (*actions)->first : NULL; a;
	     a = a->next)
		if (!act(a))
			return false;
	if (attr->flags & POSIX_SPAWN_SETSIGMASK)
		mask = attr->mask;
	return sigprocmask(SIG_SETMASK, &mask, NULL) == 0;
}

// ---- the calls --------------------------------------------------------------

static int spawn(pid_t *out, const char *name, bool search,
                 const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attr, char *const argv[],
                 char *const envp[])
{
	static const struct __posix_spawnattr plain;
	extern char **environ;
	char **ours = environ;
	sigset_t all = ~0UL, before = 0;
	volatile int error = 0;

	sigprocmask(SIG_BLOCK, &all, &before);
	pid_t pid = vfork();
	if (pid == 0) {
		if (prepare(actions, attr ? *attr : &plain, before)) {
			environ = (char **)envp; // for execvp()
			if (search)
				execvp(name, argv);
			else
				execve(name, argv, envp);
		}
		error = errno;
		_exit(127);
	}
	environ = ours;
	if (pid < 0)
		error = errno;
	else if (error)
		waitpid(pid, NULL, 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (!error && out)
		*out = pid;
	return error;
}

int posix_spawn(pid_t *out, const char *path,
                const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attr, char *const argv[],
                char *const envp[])
{
	return spawn(out, path, false, actions, attr, argv, envp);
}

int posix_spawnp(pid_t *out, const char *name,
                 const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attr, char *const argv[],
                 char *const envp[])
{
	return spawn(out, name, true, actions, attr, argv, envp);
}
