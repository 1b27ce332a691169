// What `test` decides.
#include <string.h>
#include <sys/stat.h>
#include <tool.h>
#include <unistd.h>

// The words still to be judged.
struct test {
	char **at;
	int left;
	bool wrong;
};

static bool test_or(struct test *t);

static bool wrong(struct test *t, const char *what)
{
	if (!t->wrong)
		message("test: %s\n", what);
	t->wrong = true;
	t->left = 0;
	return false;
}

static bool test_file(char letter, const char *path)
{
	struct stat st;

	if (letter == 'h' || letter == 'L')
		return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
	if (stat(path, &st) < 0)
		return false;
	switch (letter) {
	case 'f':
		return S_ISREG(st.st_mode);
	case 'd':
		return S_ISDIR(st.st_mode);
	case 'c':
		return S_ISCHR(st.st_mode);
	case 'b':
		return S_ISBLK(st.st_mode);
	case 'p':
		return S_ISFIFO(st.st_mode);
	case 's':
		return st.st_size > 0;
	case 'r':
		return access(path, R_OK) == 0;
	case 'w':
		return access(path, W_OK) == 0;
	case 'x':
		return access(path, X_OK) == 0;
	}
	return true; // e
}

static bool test_unary(struct test *t, char letter, const char *operand)
{
	long fd;

	if (letter == 'n' || letter == 'z')
		return (*operand != 0) == (letter == 'n');
	if (letter == 't')
		return number(operand, &fd) && isatty(fd);
	if (strchr("efdcbpsrwxhL", letter))
		return test_file(letter, operand);
	return wrong(t, "unknown operator");
}

static bool is_binary(const char *word)
{
	static const char *const known[] = { "=", "==", "!=", "<", ">",
		                             "-eq", "-ne", "-lt", "-le", "-gt",
		                             "-ge", "-nt", "-ot", "-ef" };

	for (unsigned i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(word, known[i]) == 0)
			return true;
	return false;
}

static bool test_files(const char *op, const char *a, const char *b)
{
	struct stat x, y;

	if (stat(a, &x) < 0 || stat(b, &y) < 0)
		return false;
	if (op[1] == 'e')
		return x.st_dev == y.st_dev && x.st_ino == y.st_ino;
	if (op[1] == 'n')
		return x.st_mtime > y.st_mtime;
	return x.st_mtime < y.st_mtime;
}

static bool test_numbers(struct test *t, const char *op, const char *a,
                         const char *b)
{
	long x, y;

	if (!number(a, &x) || !number(b, &y))
		return wrong(t, "a number is missing");
	switch (op[1] << 8 | op[2]) {
	case 'e' << 8 | 'q':
		return x == y;
	case 'n' << 8 | 'e':
		return x != y;
	case 'l' << 8 | 't':
		return x < y;
	case 'l' << 8 | 'e':
		return x <= y;
	case 'g' << 8 | 't':
		return x > y;
	}
	return x >= y;
}

static bool test_binary(struct test *t, const char *a, const char *op,
                        const char *b)
{
	int order = strcmp(a, b);

	switch (*op) {
	case '=':
		return order == 0;
	case '!':
		return order != 0;
	case '<':
		return order < 0;
	case '>':
		return order > 0;
	}
	if (strchr("f t", op[2]) && strchr("neo", op[1]) &&
	    strcmp(op, "-ne") != 0 && strcmp(op, "-eq") != 0)
		return test_files(op, a, b);
	return test_numbers(t, op, a, b);
}

static bool test_primary(struct test *t)
{
	char **at = t->at;
	bool value;

	if (t->left >= 3 && is_binary(at[1])) {
		t->at += 3;
		t->left -= 3;
		return test_binary(t, at[0], at[1], at[2]);
	}
	if (t->left == 0)
		return wrong(t, "an operand is missing");
	t->at++;
	t->left--;
	if (strcmp(at[0], "!") == 0 && t->left > 0)
		return !test_primary(t);
	if (strcmp(at[0], "(") == 0 && t->left > 0) {
		value = test_or(t);
		if (t->left == 0 || strcmp(*t->at, ")") != 0)
			return wrong(t, ") is missing");
		t->at++;
		t->left--;
		return value;
	}
	if (at[0][0] == '-' && at[0][1] && !at[0][2] && t->left > 0) {
		t->at++;
		t->left--;
		return test_unary(t, at[0][1], at[1]);
	}
	return at[0][0] != 0;
}

static bool next_is(struct test *t, const char *word)
{
	if (t->left == 0 || strcmp(*t->at, word) != 0)
		return false;
	t->at++;
	t->left--;
	return true;
}

static bool test_and(struct test *t)
{
	bool value = test_primary(t);

	while (next_is(t, "-a")) {
		bool other = test_primary(t);
		value = value && other;
	}
	return value;
}

static bool test_or(struct test *t)
{
	bool value = test_and(t);

	while (next_is(t, "-o")) {
		bool other = test_and(t);
		value = value || other;
	}
	return value;
}

int condition(int argc, char **argv)
{
	struct test t = { argv + 1, argc - 1, false };

	if (strcmp(argv[0], "[") == 0) {
		if (t.left == 0 || strcmp(argv[argc - 1], "]") != 0) {
			message("[: ] is missing\n");
			return 2;
		}
		t.left--;
	}
	if (t.left == 0)
		return 1;
	bool value = test_or(&t);
	if (t.left > 0)
		wrong(&t, "too many words");
	return t.wrong ? 2 : !value;
}
