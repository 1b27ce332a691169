// A terminal's line discipline: what becomes of each byte that is typed, and
// what a reader finds.  It knows neither UART nor processes.
//
// Canonical: a line is collected, can be edited, and is handed over as a whole.
// Raw: every byte is there for the reader at once.
//
// Lock: the kernel lock protects everything here.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TERMINAL_ROOM 4096 // bytes of type-ahead, a power of two

// Linux's generic struct termios, as the kernel has it.
struct termios {
	uint32_t input, output, control, local;
	uint8_t line;
	uint8_t chars[19];
};

// Indexes of chars.
enum {
	VINTR = 0,
	VQUIT = 1,
	VERASE = 2,
	VKILL = 3,
	VEOF = 4,
	VTIME = 5, // tenths of a second
	VMIN = 6,
	VSUSP = 10,
	VEOL = 11,
	VWERASE = 14,
};

// input
#define IGNCR 0x0080
#define INLCR 0x0040
#define ICRNL 0x0100 // what the Enter key sends ends a line
#define IUTF8 0x4000 // erase whole characters
// output
#define OPOST 0x0001
#define ONLCR 0x0004
// local
#define ISIG 0x0001
#define ICANON 0x0002
#define ECHO 0x0008
#define ECHOE 0x0010 // erasing rubs out on the screen
#define ECHOK 0x0020 // so does killing the line
#define ECHONL 0x0040
#define NOFLSH 0x0080
#define TOSTOP 0x0100 // writing in the background stops
#define ECHOCTL 0x0200 // ^C is shown as two characters
#define IEXTEN 0x8000

struct terminal {
	struct termios set;
	// Places in the ring, counted from the first byte ever: what is in
	// [tail, head) waits, and in [tail, line) is what may be read: whole
	// lines, or all of it.
	uint64_t head, tail, line;
	uint64_t dropped; // bytes for which there was no room
	void (*echo)(uint8_t c);
	void (*signal)(int number);
	uint8_t ring[TERMINAL_ROOM];
};

void terminal_init(struct terminal *t, void (*echo)(uint8_t c),
                   void (*signal)(int number));

// A byte was typed.
void terminal_input(struct terminal *t, uint8_t c);

// Changes the settings.  What was typed ahead is taken as if it were typed now
// (though it is not shown again): a line typed while a shell's editor was on
// can be edited, and ended by ^D, by the program that it starts.
void terminal_set(struct terminal *t, const struct termios *set);

// Forgets what was typed ahead.
void terminal_flush(struct terminal *t);

// How many bytes a reader finds.
size_t terminal_available(const struct terminal *t);

// What one read of `size` bytes gets, from tail on, while something is
// available; *used is what it takes out, which is one more for a ^D.
size_t terminal_span(const struct terminal *t, size_t size, size_t *used);
