#include "files/terminal.h"
#include "lib/string.h"

#define CONTROL(letter) ((letter)&0x1f)
#define DELETE 0x7f

enum { SIGINT = 2,
       SIGQUIT = 3,
       SIGTSTP = 20 };

static const struct termios first_settings = {
	.input = ICRNL | IUTF8,
	.output = OPOST | ONLCR,
	.control = 0xbf, // 8 bits, no parity; 38400, which means nothing
	.local = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | IEXTEN,
	.chars = {
		[VINTR] = CONTROL('C'),
		[VQUIT] = CONTROL('\\'),
		[VERASE] = DELETE,
		[VKILL] = CONTROL('U'),
		[VEOF] = CONTROL('D'),
		[VMIN] = 1,
		[VSUSP] = CONTROL('Z'),
		[VWERASE] = CONTROL('W'),
	},
};

static bool is_on(const struct terminal *t, uint32_t local)
{
	return t->set.local & local;
}

// A character that is 0 in the settings is switched off.
static bool is_char(const struct terminal *t, uint8_t c, unsigned index)
{
	return c != 0 && c == t->set.chars[index];
}

static bool is_end(const struct terminal *t, uint8_t c)
{
	return c == '\n' || is_char(t, c, VEOF) || is_char(t, c, VEOL);
}

static uint8_t *terminal_at(struct terminal *t, uint64_t place)
{
	return &t->ring[place % TERMINAL_ROOM];
}

// ---- the screen ----

static bool is_shown_as_two(const struct terminal *t, uint8_t c)
{
	return is_on(t, ECHOCTL) && (c < ' ' || c == DELETE) && c != '\t' &&
	       c != '\n';
}

// A tab is shown as one blank, so that it can be rubbed out.
static void terminal_show(struct terminal *t, uint8_t c)
{
	if (t->echo == NULL ||
	    !(is_on(t, ECHO) || (c == '\n' && is_on(t, ECHONL))))
		return;
	if (is_shown_as_two(t, c)) {
		t->echo('^');
		t->echo(c ^ 0x40);
	} else {
		t->echo(c == '\t' && is_on(t, ICANON) ? ' ' : c);
	}
}

// On paper nothing can be rubbed out: there the key itself is shown.
static void terminal_rub_out(struct terminal *t, uint8_t c, uint8_t key)
{
	if (!is_on(t, ECHOE))
		terminal_show(t, key);
	if (t->echo == NULL || !is_on(t, ECHO) || !is_on(t, ECHOE))
		return;
	for (int i = is_shown_as_two(t, c) ? 2 : 1; i > 0; i--) {
		t->echo('\b');
		t->echo(' ');
		t->echo('\b');
	}
}

// ---- the line ----

// An end of line finds room where nothing else does: else a line that fills
// the ring could never be read.
static bool terminal_store(struct terminal *t, uint8_t c, bool last_too)
{
	if (t->head - t->tail + !last_too >= TERMINAL_ROOM) {
		t->dropped++;
		return false;
	}
	*terminal_at(t, t->head++) = c;
	return true;
}

static void terminal_erase(struct terminal *t, uint8_t key)
{
	uint8_t c;

	if (t->head == t->line)
		return;
	do
		c = *terminal_at(t, --t->head);
	while ((t->set.input & IUTF8) && (c & 0xc0) == 0x80 &&
	       t->head > t->line);
	terminal_rub_out(t, c, key);
}

static uint8_t terminal_last(struct terminal *t)
{
	return *terminal_at(t, t->head - 1);
}

static void terminal_erase_word(struct terminal *t, uint8_t key)
{
	while (t->head > t->line && terminal_last(t) == ' ')
		terminal_erase(t, key);
	while (t->head > t->line && terminal_last(t) != ' ')
		terminal_erase(t, key);
}

static void terminal_kill(struct terminal *t, uint8_t key)
{
	if (is_on(t, ECHOE)) {
		while (t->head > t->line)
			terminal_erase(t, key);
		return;
	}
	t->head = t->line;
	terminal_show(t, key);
	if (is_on(t, ECHOK))
		terminal_show(t, '\n');
}

static void terminal_canonical(struct terminal *t, uint8_t c)
{
	if (is_char(t, c, VERASE) || c == '\b') {
		terminal_erase(t, c);
	} else if (is_char(t, c, VKILL)) {
		terminal_kill(t, c);
	} else if (is_char(t, c, VWERASE) && is_on(t, IEXTEN)) {
		terminal_erase_word(t, c);
	} else if (is_end(t, c)) {
		if (terminal_store(t, c, true))
			t->line = t->head;
		if (!is_char(t, c, VEOF))
			terminal_show(t, c);
	} else if (terminal_store(t, c, false)) {
		terminal_show(t, c);
	}
}

static int signal_of(const struct terminal *t, uint8_t c)
{
	if (!is_on(t, ISIG))
		return 0;
	if (is_char(t, c, VINTR))
		return SIGINT;
	if (is_char(t, c, VQUIT))
		return SIGQUIT;
	return is_char(t, c, VSUSP) ? SIGTSTP : 0;
}

static void terminal_signal(struct terminal *t, uint8_t c, int number)
{
	if (!is_on(t, NOFLSH))
		terminal_flush(t);
	terminal_show(t, c);
	t->signal(number);
}

// What the settings make of the byte before anything else; -1: nothing.
static int terminal_map(const struct terminal *t, uint8_t c)
{
	if (c == '\r' && (t->set.input & IGNCR))
		return -1;
	if (c == '\r' && (t->set.input & ICRNL))
		return '\n';
	if (c == '\n' && (t->set.input & INLCR))
		return '\r';
	return c;
}

static void terminal_take(struct terminal *t, uint8_t c)
{
	if (is_on(t, ICANON)) {
		terminal_canonical(t, c);
	} else if (terminal_store(t, c, true)) {
		t->line = t->head;
		terminal_show(t, c);
	}
}

void terminal_input(struct terminal *t, uint8_t typed)
{
	int c = terminal_map(t, typed);
	int number = c < 0 ? 0 : signal_of(t, c);

	if (number)
		terminal_signal(t, c, number);
	else if (c >= 0)
		terminal_take(t, c);
}

void terminal_set(struct terminal *t, const struct termios *set)
{
	void (*echo)(uint8_t) = t->echo;
	uint64_t end = t->head;

	t->set = *set;
	t->echo = NULL;
	t->head = t->line = t->tail;
	// What is stored again never passes what is still to be looked at.
	for (uint64_t at = t->tail; at < end; at++) {
		int c = terminal_map(t, *terminal_at(t, at));

		if (c >= 0)
			terminal_take(t, c);
	}
	t->echo = echo;
}

void terminal_flush(struct terminal *t)
{
	t->tail = t->line = t->head;
}

size_t terminal_available(const struct terminal *t)
{
	return t->line - t->tail;
}

size_t terminal_span(const struct terminal *t, size_t size, size_t *used)
{
	size_t most = terminal_available(t), n = 0;

	*used = size < most ? size : most;
	if (!is_on(t, ICANON))
		return *used;
	// One place further than asked: a ^D there ends this line, too.
	for (; n < most && n <= size; n++) {
		uint8_t c = t->ring[(t->tail + n) % TERMINAL_ROOM];

		if (!is_end(t, c))
			continue;
		if (is_char(t, c, VEOF)) {
			*used = n + 1;
			return n;
		}
		if (n < size)
			*used = n + 1;
		break;
	}
	return *used;
}

void terminal_init(struct terminal *t, void (*echo)(uint8_t c),
                   void (*signal)(int number))
{
	t->set = first_settings;
	t->head = t->tail = t->line = t->dropped = 0;
	t->echo = echo;
	t->signal = signal;
}
