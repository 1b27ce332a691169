// src/files/terminal.c: what is typed, what a reader finds, what is shown.
#include "files/terminal.h"
#include "claim.h"
#include <string.h>

static struct terminal terminal;
static char shown[64];
static size_t shown_size;
static int signalled;

static void echo(uint8_t c)
{
	if (shown_size < sizeof shown - 1)
		shown[shown_size++] = c;
	shown[shown_size] = 0;
}

static void take_signal(int number)
{
	signalled = number;
}

static void start(void)
{
	terminal_init(&terminal, echo, take_signal);
	shown_size = signalled = 0;
	shown[0] = 0;
}

static void type(const char *keys)
{
	for (; *keys; keys++)
		terminal_input(&terminal, *keys);
}

// One read of `most` bytes; as text.
static const char *take(size_t most)
{
	static char text[TERMINAL_ROOM + 1];
	size_t used, n = terminal_span(&terminal, most, &used);

	for (size_t i = 0; i < n; i++)
		text[i] = terminal.ring[(terminal.tail + i) % TERMINAL_ROOM];
	text[n] = 0;
	terminal.tail += used;
	return text;
}

static void set(uint32_t off, uint32_t on)
{
	struct termios settings = terminal.set;

	settings.local = (settings.local & ~off) | on;
	terminal_set(&terminal, &settings);
}

// Typed at a fresh terminal: the first read, and the screen.
static const struct {
	const char *keys, *read, *screen;
} lines[] = {
	{ "a\n", "a\n", "a\n" },
	{ "a\r", "a\n", "a\n" },
	{ "ab\177c\n", "ac\n", "ab\b \bc\n" },
	{ "\177\ba\n", "a\n", "a\n" },
	{ "a\1\177\n", "a\n", "a^A\b \b\b \b\n" },
	{ "ab\25c\n", "c\n", "ab\b \b\b \bc\n" },
	{ "a b \27c\n", "a c\n", "a b \b \b\b \bc\n" },
	{ "\xc3\xa4\177b\n", "b\n", "\xc3\xa4\b \bb\n" },
	{ "a\tb\n", "a\tb\n", "a b\n" },
	{ "a\4", "a", "a" },
	{ "\4a\n", "", "a\n" },
	{ "a\nb\n", "a\n", "a\nb\n" },
	{ "a", "", "a" },
	{ "a\3b\n", "b\n", "a^Cb\n" },
};

static void test_lines(void)
{
	for (size_t i = 0; i < COUNT(lines); i++) {
		start();
		type(lines[i].keys);
		ROW_CLAIM(lines[i].keys, !strcmp(take(100), lines[i].read));
		ROW_CLAIM(lines[i].keys, !strcmp(shown, lines[i].screen));
	}
	start();
	type("abcdef\n");
	CLAIM(!strcmp(take(3), "abc"));
	CLAIM(!strcmp(take(3), "def"));
	CLAIM(!strcmp(take(3), "\n"));
	// A ^D right behind what was asked for ends that line, and no other.
	type("abc\4d\n");
	CLAIM(!strcmp(take(3), "abc"));
	CLAIM(!strcmp(take(3), "d\n"));
	CLAIM(terminal_available(&terminal) == 0);
}

static void test_signals(void)
{
	start();
	type("x\3");
	CLAIM(signalled == 2 && terminal_available(&terminal) == 0);
	type("\34");
	CLAIM(signalled == 3);
	type("\32");
	CLAIM(signalled == 20);
	set(ISIG, 0);
	signalled = 0;
	type("\3\n");
	CLAIM(signalled == 0 && !strcmp(take(9), "\3\n"));
}

static void test_changes(void)
{
	start();
	set(ICANON | ECHO, 0);
	type("ab\177\4");
	CLAIM(terminal_available(&terminal) == 4);
	set(0, ICANON); // what was typed ahead is edited now
	CLAIM(!strcmp(take(9), "a"));
	type("xy");
	CLAIM(terminal_available(&terminal) == 0);
	set(ICANON, 0);
	CLAIM(!strcmp(take(9), "xy"));
	CLAIM(shown_size == 0);
	set(0, ICANON | ECHO);
	set(ECHOE, 0);
	type("a\177b\25");
	CLAIM(!strcmp(shown, "a^?b^U\n"));
}

// An overlong line keeps its first bytes and its end.
static void test_overflow(void)
{
	start();
	for (int i = 0; i < TERMINAL_ROOM + 100; i++)
		type("x");
	type("\n");
	CLAIM(terminal.dropped == 101);
	CLAIM(strlen(take(2 * TERMINAL_ROOM)) == TERMINAL_ROOM);
	CLAIM(terminal_available(&terminal) == 0);
}

// Whatever is typed, whatever the settings: places stay in order, and reads
// get on.
static void test_chance(void)
{
	static const char keys[] = "ab \t\n\r\3\4\25\27\177\b\xc3\xa4\1";

	start();
	for (int round = 0; round < 200000; round++) {
		uint64_t before = terminal.tail;

		if (chance(500) == 0)
			set(chance(2) ? ICANON : ISIG | ECHOE, chance(0x400));
		else if (chance(100) == 0)
			take(1 + chance(300));
		else
			terminal_input(&terminal, keys[chance(16)]);
		CLAIM(before <= terminal.tail && terminal.tail <= terminal.line);
		CLAIM(terminal.line <= terminal.head);
		CLAIM(terminal.head - terminal.tail <= TERMINAL_ROOM);
	}
}

void test_terminal(void);
void test_terminal(void)
{
	test_lines();
	test_signals();
	test_changes();
	test_overflow();
	test_chance();
}
