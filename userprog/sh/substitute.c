// $( ): what a command prints takes its place.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <tool.h>
#include <unistd.h>
#include "exec.h"
#include "expand.h"
#include "shell.h"

static char *read_all(int fd)
{
	struct text out = { 0 };
	char piece[512];
	ssize_t n;

	while ((n = read(fd, piece, sizeof piece)) != 0) {
		if (n < 0 && errno == EINTR && !interrupted)
			continue;
		if (n < 0)
			break;
		text_put(&out, piece, n);
	}
	while (out.length > 0 && out.at[out.length - 1] == '\n')
		out.length--;
	return text_string(&out);
}

void expand_command(struct expander *e, struct node *list, bool quoted)
{
	int ends[2], status = 0;
	pid_t pid;

	flush();
	if (pipe2(ends, O_CLOEXEC) < 0) {
		fail(126, "cannot make a pipe: %s", strerror(errno));
		return;
	}
	pid = exec_substitution(list, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return;
	}
	char *text = read_all(ends[0]);
	close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	sh.substituted = true;
	sh.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
	                                : WEXITSTATUS(status);
	expand_value(e, text, quoted);
}
