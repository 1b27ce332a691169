// Options as users expect them: -l -a, -la, -n5, -n 5, --, --help.
#include <ctype.h>
#include <string.h>
#include <tool.h>
#include <unistd.h>

void misuse(void)
{
	flush();
	message("%s", tool_usage);
	_exit(2);
}

static void help(void)
{
	print("%s", tool_usage);
	_exit(done(0));
}

// Starts on the word "-..." if there is one.
static bool next_word(struct options *o, char **argv)
{
	const char *word;

	if (o->next == 0)
		o->next = 1;
	word = argv[o->next];
	if (!word || word[0] != '-' || word[1] == 0)
		return false;
	o->next++;
	if (strcmp(word, "--help") == 0)
		help();
	if (strcmp(word, "--") == 0)
		return false;
	o->letter = word + 1;
	return true;
}

int option(struct options *o, char **argv, const char *letters)
{
	if ((!o->letter || !*o->letter) && !next_word(o, argv))
		return 0;
	if (isdigit((unsigned char)*o->letter) && strchr(letters, '#')) {
		o->arg = o->letter; // head -5: the number is the whole word
		o->letter = NULL;
		return '#';
	}
	int letter = *o->letter++;
	const char *known = strchr(letters, letter);

	if (!known || strchr(":#", letter))
		misuse();
	if (known[1] != ':')
		return letter;
	// The argument is the rest of the word, or the next word.
	o->arg = *o->letter ? o->letter : argv[o->next++];
	o->letter = NULL;
	if (!o->arg)
		misuse();
	return letter;
}
