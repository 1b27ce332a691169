#include "lib/print.h"
#include "machine/board.h"
#include "machine/clint.h"
#include "monitor/monitor.h"

#define END       4              // ^D
#define BACKSPACE 8
#define DELETE    127
#define ROW       16             // bytes of a hexdump's line

int byte_wait(uint64_t ticks)
{
	uint64_t begin = clint_now();
	int c;

	do
		c = board.getc();
	while (c < 0 && clint_now() - begin < ticks);
	return c;
}

// tools/run sends what is typed when it is told that there is room for it, and
// then that the input has ended.
static void line_invite(unsigned long taken)
{
	size_t length;

	if (board_arg("paced", &length))
		kprintf("\033]7001;%lu;1\a", taken);
}

bool line_read(char *line, size_t size)
{
	static unsigned long taken;
	size_t n = 0;

	line_invite(taken);
	for (;;) {
		int c = board.getc();

		taken += c >= 0;
		if (c == END && n == 0)
			return false;
		if (c == '\r' || c == '\n') {
			kprintf("\n");
			line[n] = '\0';
			return true;
		}
		if ((c == BACKSPACE || c == DELETE) && n) {
			n--;
			kprintf("\b \b");
		} else if (c >= ' ' && c < DELETE && n < size - 1) {
			line[n++] = c;
			kprintf("%c", c);
		}
	}
}

static int digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool number_read(const char **text, uint64_t *value)
{
	const char *p = *text;
	bool found = false;

	while (*p == ' ')
		p++;
	if (p[0] == '0' && (p[1] | 0x20) == 'x')
		p += 2;
	*value = 0;
	for (; digit(*p) >= 0; p++, found = true)
		*value = *value << 4 | digit(*p);
	*text = p;
	return found && (*p == ' ' || *p == '\0');
}

static void hexdump_row(uintptr_t at, size_t size)
{
	char text[ROW + 1];
	uint64_t byte;

	kprintf("%lx:", (unsigned long)at);
	for (size_t i = 0; i < size; i++) {
		if (peek(at + i, 1, &byte)) {
			kprintf(" --");
			byte = '-';
		} else {
			kprintf(" %02x", (unsigned)byte);
		}
		text[i] = byte >= ' ' && byte < DELETE ? byte : '.';
	}
	text[size] = '\0';
	kprintf("  %s\n", text);
}

void hexdump(uintptr_t at, size_t size)
{
	for (size_t done = 0; done < size; done += ROW)
		hexdump_row(at + done, size - done < ROW ? size - done : ROW);
}
