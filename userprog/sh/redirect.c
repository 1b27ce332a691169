#include "redirect.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>
#include "arena.h"
#include "expand.h"
#include "shell.h"

int move_high(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 10);

	if (high < 0)
		return fd;
	close(fd);
	return high;
}

static void save(int fd, struct saved **saved)
{
	struct saved *s;

	if (!saved)
		return;
	s = arena_alloc(sizeof *s);
	s->fd = fd;
	s->copy = fcntl(fd, F_DUPFD_CLOEXEC, 10);
	s->next = *saved;
	*saved = s;
}

void redirect_undo(struct saved *saved)
{
	for (; saved; saved = saved->next) {
		if (saved->copy < 0) {
			close(saved->fd);
		} else {
			dup2(saved->copy, saved->fd);
			close(saved->copy);
		}
	}
}

static void write_body(int fd, const char *body, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, body, length);

		if (n <= 0)
			break;
		body += n;
		length -= n;
	}
}

// A body that may not fit into a pipe: nobody reads yet, so we would wait for
// ourselves.  The file has no name any more before anything is in it.
static int open_long(const char *body, size_t length)
{
	char name[32];
	int fd;

	format(name, sizeof name, "/tmp/here.%d", getpid());
	fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return fd;
	unlink(name);
	write_body(fd, body, length);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static int open_here(struct redirect *r)
{
	char *body = r->quoted ? r->body : expand_here(r->body);
	size_t length = strlen(body);
	int ends[2];

	if (length > 4096)
		return open_long(body, length);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	write_body(ends[1], body, length);
	close(ends[1]);
	return ends[0];
}

static int open_flags(enum redirect_kind kind)
{
	switch (kind) {
	case REDIRECT_OUT:
		return O_WRONLY | O_CREAT | O_TRUNC;
	case REDIRECT_APPEND:
		return O_WRONLY | O_CREAT | O_APPEND;
	case REDIRECT_BOTH:
		return O_RDWR | O_CREAT;
	default:
		return O_RDONLY;
	}
}

static bool failed(const char *what)
{
	fail(1, "%s: %s", what, strerror(errno));
	// A redirection that fails spoils its command, not the whole line.
	sh.unwind = UNWIND_NONE;
	return false;
}

// n>&m and n>&-
static bool redirect_dup(struct redirect *r, const char *target)
{
	long from;

	if (strcmp(target, "-") == 0) {
		close(r->fd);
		return true;
	}
	if (!number(target, &from)) {
		errno = EBADF;
		return failed(target);
	}
	return dup2(from, r->fd) >= 0 || failed(target);
}

static bool redirect_one(struct redirect *r)
{
	const char *target = "here-document";
	int fd;

	if (r->kind != REDIRECT_HERE)
		target = expand_string(r->raw);
	if (sh.unwind != UNWIND_NONE)
		return false;
	if (r->kind == REDIRECT_DUP)
		return redirect_dup(r, target);
	if (r->kind == REDIRECT_HERE)
		fd = open_here(r);
	else
		fd = open(target, open_flags(r->kind) | O_CLOEXEC, 0666);
	if (fd < 0)
		return failed(target);
	if (fd == r->fd) {
		fcntl(fd, F_SETFD, 0);
		return true;
	}
	dup2(fd, r->fd);
	close(fd);
	return true;
}

bool redirect(struct redirect *list, struct saved **saved)
{
	for (; list; list = list->next) {
		save(list->fd, saved);
		if (!redirect_one(list))
			return false;
	}
	return true;
}
