// Runs a program with the words of its input as arguments.
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tool.h>
#include <unistd.h>

TOOL("xargs", "xargs [-0rt] [-n COUNT] [-I TEXT] [PROGRAM [ARGUMENT...]]");

#define MOST 512 // arguments of one run, the program's own included

static long at_once = MOST;
static const char *placeholder;
static bool zero, not_empty, trace;
static int status;

static char *args[MOST + 1];
static int fixed, count;

static void run(void)
{
	int ended = 0;

	args[count] = NULL;
	if (trace) {
		for (int i = 0; i < count; i++)
			message(i ? " %s" : "%s", args[i]);
		message("\n");
	}
	pid_t pid = vfork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDONLY);

		dup2(null, 0);
		execvp(args[0], args);
		int result = errno == ENOENT ? 127 : 126;
		complain(args[0]);
		_exit(result);
	}
	if (pid < 0)
		die(1, "cannot vfork");
	waitpid(pid, &ended, 0);
	if (!WIFEXITED(ended) || WEXITSTATUS(ended) >= 126)
		exit(WIFEXITED(ended) ? WEXITSTATUS(ended) : 125);
	if (WEXITSTATUS(ended))
		status = 123;
	for (int i = fixed; i < count && !placeholder; i++)
		free(args[i]);
	count = fixed;
}

static char *replaced(const char *in, const char *word)
{
	size_t size = strlen(in) * (strlen(word) + 1) + 1;
	char *out = calloc(1, size);
	const char *found;

	while (out && (found = strstr(in, placeholder)) != NULL) {
		strncat(out, in, found - in);
		strcat(out, word);
		in = found + strlen(placeholder);
	}
	if (!out)
		die(1, "out of memory");
	return strcat(out, in);
}

static void run_replaced(const char *word)
{
	char *kept[MOST];

	memcpy(kept, args, fixed * sizeof *args);
	for (int i = 1; i < fixed; i++)
		args[i] = replaced(kept[i], word);
	run();
	for (int i = 1; i < fixed; i++)
		free(args[i]);
	memcpy(args, kept, fixed * sizeof *args);
}

static void add(char *word)
{
	if (placeholder) {
		run_replaced(word);
		free(word);
		return;
	}
	args[count++] = word;
	if (count - fixed == at_once || count == MOST)
		run();
}

static int next_byte(void)
{
	static char buffer[512];
	static ssize_t filled, at;

	if (at == filled) {
		filled = read(0, buffer, sizeof buffer);
		at = 0;
		if (filled <= 0) {
			filled = 0;
			return -1;
		}
	}
	return (unsigned char)buffer[at++];
}

// The next word: quotes and \ are the shell's.  With -I a word is a line.
static bool next_word(char *word, size_t size)
{
	size_t length = 0;
	bool begun = false;
	int c, quote = 0;

	while ((c = next_byte()) >= 0) {
		bool end = zero          ? c == 0
		           : placeholder ? c == '\n'
		                         : !quote && isspace(c);
		if (end && begun)
			break;
		if (end)
			continue;
		begun = true;
		if (!zero && quote == 0 && (c == '"' || c == '\'')) {
			quote = c;
			continue;
		}
		if (c == quote && quote) {
			quote = 0;
			continue;
		}
		if (!zero && !quote && c == '\\')
			c = next_byte();
		if (length + 1 == size)
			die(1, "a word is too long");
		word[length++] = c;
	}
	word[length] = 0;
	return begun;
}

int main(int argc, char **argv)
{
	static char word[4096];
	struct options o = { 0 };
	bool ran = false;

	for (int letter; (letter = option(&o, argv, "0rtn:I:"));) {
		zero |= letter == '0';
		not_empty |= letter == 'r';
		trace |= letter == 't';
		if (letter == 'n')
			at_once = need_number(o.arg);
		if (letter == 'I')
			placeholder = o.arg;
	}
	if (at_once < 1 || argc - o.next > MOST / 2)
		misuse();
	args[0] = "echo";
	for (int i = o.next; i < argc; i++)
		args[fixed++] = argv[i];
	fixed += fixed == 0;
	count = fixed;
	while (next_word(word, sizeof word)) {
		char *copy = strdup(word);

		if (!copy)
			die(1, "out of memory");
		add(copy);
		ran = true;
	}
	if (count > fixed || (!ran && !not_empty && !placeholder))
		run();
	return status;
}
