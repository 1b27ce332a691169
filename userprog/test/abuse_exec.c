// Executes what should not be executed: each operand, and a few things more.
//	abuse_exec [FILE...]
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <tool.h>
#include <unistd.h>

TOOL("abuse_exec", "abuse_exec [FILE...]");

static char *none[] = { NULL };

// The child's status: an errno if execve() came back, else what became of it.
static void try(const char *what, const char *path, char **argv)
{
	int status = 0, ends[2] = { -1, -1 };
	bool piped = pipe2(ends, O_CLOEXEC) == 0;
	volatile int error = 0; // the child may have our memory

	flush();
	pid_t pid = vfork();
	if (pid == 0) {
		execve(path, argv, none);
		error = errno;
		if (piped)
			write(ends[1], (int *)&error, sizeof error);
		_exit(error);
	}
	close(ends[1]);
	waitpid(pid, &status, 0);
	if (piped)
		read(ends[0], (int *)&error, sizeof error);
	else if (WIFEXITED(status) && WEXITSTATUS(status) <= 133)
		error = WEXITSTATUS(status); // no pipes: taken for one
	close(ends[0]);
	if (error)
		print("%s: %s\n", what, strerror(error));
	else if (WIFSIGNALED(status))
		print("%s: killed by SIG%s\n", what,
		      signal_name(WTERMSIG(status)));
	else
		print("%s: exit %d\n", what, WEXITSTATUS(status));
}

// 10,000 arguments of 1,000 bytes.
static void long_arguments(void)
{
	static char text[1001], *argv[10001];

	memset(text, 'x', 1000);
	for (int i = 0; i < 10000; i++)
		argv[i] = text;
	try("10,000 long arguments", "/bin/true", argv);
	argv[1000] = NULL;
	for (int i = 0; i < 1000; i++)
		argv[i] = "short";
	try("1,000 short arguments", "/bin/true", argv);
}

int main(int argc, char **argv)
{
	char *args[] = { NULL, NULL };
	char long_path[5000];

	memset(long_path, '/', sizeof long_path);
	strcpy(long_path + sizeof long_path - 10, "bin/true");
	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');

		args[0] = argv[i];
		try(slash ? slash + 1 : argv[i], argv[i], args);
	}
	args[0] = "x";
	try("nothing", "", args);
	try("missing", "/no/such/program", args);
	try("a directory", "/bin", args);
	try("a device", "/dev/null", args);
	try("below a file", "/bin/true/x", args);
	try("a path too long", long_path, args);
	try("without arguments", "/bin/true", none);
	long_arguments();
	return done(0);
}
