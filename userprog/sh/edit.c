#include "edit.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <tool.h>
#include <unistd.h>
#include "history.h"
#include "shell.h"
#include "var.h"

#define CONTROL(letter) ((letter)&0x1f)
#define DELETE 127
#define ESCAPE 27

// Keys that send more than one byte, as one number.
enum {
	KEY_UP = 256,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
	KEY_UNKNOWN
};

// The line being edited.  The cursor stands before at[cursor].
static struct edit {
	char *at;
	size_t length, cursor, room;
	const char *prompt;
	int recalled; // line of the history that is shown
	char *kept; // the new line, while an old one is shown
} line;

static int read_byte(int fd)
{
	unsigned char c;
	ssize_t n;

	do
		n = read(fd, &c, 1);
	while (n < 0 && errno == EINTR && !interrupted);
	return n == 1 ? c : -1;
}

// What follows ESC: [ or O, perhaps numbers, a letter or ~.
static int read_escape(int fd)
{
	int c = read_byte(fd), number = 0;

	if (c != '[' && c != 'O')
		return c < 0 ? c : KEY_UNKNOWN;
	while ((c = read_byte(fd)) >= 0 && (c < '@' || c > '~'))
		if (c >= '0' && c <= '9')
			number = number * 10 % 1000 + c - '0';
	switch (c) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'H':
		return KEY_HOME;
	case 'F':
		return KEY_END;
	case '~':
		return number == 3                  ? KEY_DELETE
		       : number == 1 || number == 7 ? KEY_HOME
		       : number == 4 || number == 8 ? KEY_END
		                                    : KEY_UNKNOWN;
	}
	return c < 0 ? c : KEY_UNKNOWN;
}

static int read_key(int fd)
{
	int c = read_byte(fd);

	return c == ESCAPE ? read_escape(fd) : c;
}

// A byte inside of a character of UTF-8: neither cursor nor erasing stop there.
static bool inside(size_t at)
{
	return at < line.length && (line.at[at] & 0xc0) == 0x80;
}

static size_t columns(size_t from, size_t to)
{
	size_t n = 0;

	for (; from < to; from++)
		n += !inside(from);
	return n;
}

static void put_back(size_t count)
{
	while (count-- > 0)
		putch('\b');
}

// Shows the rest of the line again after it changed at the cursor; gone is by
// how many columns it became shorter.
static void show_tail(size_t gone)
{
	size_t tail = columns(line.cursor, line.length);

	put(line.at + line.cursor, line.length - line.cursor);
	for (size_t i = 0; i < gone; i++)
		putch(' ');
	put_back(tail + gone);
}

static void move_to(size_t to)
{
	if (to < line.cursor)
		put_back(columns(to, line.cursor));
	else
		put(line.at + line.cursor, to - line.cursor);
	line.cursor = to;
}

static size_t left_of(size_t at)
{
	if (at > 0)
		at--;
	while (at > 0 && inside(at))
		at--;
	return at;
}

static size_t right_of(size_t at)
{
	if (at < line.length)
		at++;
	while (inside(at))
		at++;
	return at;
}

static size_t word_left(size_t at)
{
	while (at > 0 && line.at[at - 1] == ' ')
		at--;
	while (at > 0 && line.at[at - 1] != ' ')
		at--;
	return at;
}

// Removes what lies between the cursor and another place.
static void erase(size_t to)
{
	size_t from = line.cursor;

	if (to < from) {
		move_to(to);
		size_t swap = to;
		to = from;
		from = swap;
	}
	size_t gone = columns(from, to);
	memmove(line.at + from, line.at + to, line.length - to);
	line.length -= to - from;
	show_tail(gone);
}

static void insert(const char *text, size_t length)
{
	if (line.length + length + 2 > line.room) {
		line.room = (line.length + length + 2) * 2;
		line.at = realloc(line.at, line.room);
		if (!line.at)
			die(2, "out of memory");
	}
	memmove(line.at + line.cursor + length, line.at + line.cursor,
	        line.length - line.cursor);
	memcpy(line.at + line.cursor, text, length);
	line.length += length;
	put(text, length);
	line.cursor += length;
	if (line.cursor < line.length)
		show_tail(0);
}

static void recall(int index)
{
	const char *old = history_line(index);

	if (index < 0 || index > history_count())
		return;
	if (line.recalled == history_count()) {
		free(line.kept);
		line.kept = strndup(line.at, line.length);
	}
	move_to(line.length);
	erase(0);
	line.recalled = index;
	if (!old)
		old = line.kept ? line.kept : "";
	insert(old, strlen(old));
}

static void redraw(void)
{
	size_t cursor = line.cursor;

	print("\033[H\033[J%s", line.prompt);
	line.cursor = 0;
	move_to(line.length);
	move_to(cursor);
}

static void edit_key(int key)
{
	char c = key;

	switch (key) {
	case '\b':
	case DELETE:
		erase(left_of(line.cursor));
		break;
	case KEY_DELETE:
	case CONTROL('D'):
		erase(right_of(line.cursor));
		break;
	case CONTROL('U'):
		erase(0);
		break;
	case CONTROL('K'):
		erase(line.length);
		break;
	case CONTROL('W'):
		erase(word_left(line.cursor));
		break;
	case CONTROL('A'):
	case KEY_HOME:
		move_to(0);
		break;
	case CONTROL('E'):
	case KEY_END:
		move_to(line.length);
		break;
	case CONTROL('B'):
	case KEY_LEFT:
		move_to(left_of(line.cursor));
		break;
	case CONTROL('F'):
	case KEY_RIGHT:
		move_to(right_of(line.cursor));
		break;
	case CONTROL('P'):
	case KEY_UP:
		recall(line.recalled - 1);
		break;
	case CONTROL('N'):
	case KEY_DOWN:
		recall(line.recalled + 1);
		break;
	case CONTROL('L'):
		redraw();
		break;
	case '\t':
		c = ' '; // there is no completion
		insert(&c, 1);
		break;
	default:
		if (key >= ' ' && key < 256)
			insert(&c, 1);
	}
}

// Handles keys up to the end of the line; false: there is no line.
static bool edit_keys(int fd)
{
	for (;;) {
		flush();
		int key = read_key(fd);

		if (key == '\n' || key == '\r')
			return true;
		if (key == CONTROL('C') || (key < 0 && interrupted)) {
			interrupted = 2;
			print("^C");
			return false;
		}
		// ^D ends an empty line, and enters one that it closes: so the
		// last line of a script without a newline is not lost.
		if (key < 0 || key == CONTROL('D')) {
			if (line.length == 0)
				return false;
			if (key < 0 || line.cursor == line.length)
				return true;
		}
		edit_key(key);
	}
}

// Only what the editor does itself is switched off: output stays as it is, and
// nothing typed ahead is thrown away.
static bool raw_mode(int fd, struct termios *before)
{
	struct termios raw;

	if (tcgetattr(fd, before) < 0)
		return false;
	raw = *before;
	raw.c_lflag &= ~(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(fd, TCSANOW, &raw) == 0;
}

const char *edit_line(int fd, bool more)
{
	struct termios before;
	bool raw = raw_mode(fd, &before);

	line.prompt = var_get(more ? "PS2" : "PS1");
	if (!line.prompt)
		line.prompt = "";
	line.length = line.cursor = 0;
	line.recalled = history_count();
	insert("", 0); // there is a buffer from here on
	print("%s", line.prompt);
	bool got = edit_keys(fd);
	// Before the line ends on the screen: who sees that may press ^C at
	// once, and it should be a signal then.
	if (raw)
		tcsetattr(fd, TCSANOW, &before);
	print("\n");
	flush();
	if (!got)
		return NULL;
	line.at[line.length] = 0;
	history_add(line.at);
	strcpy(line.at + line.length, "\n");
	return line.at;
}
