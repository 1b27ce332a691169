#include "machine/htif.h"
#include <stdint.h>

#define CONSOLE_GETC (1ull << 56)
#define CONSOLE_PUTC (1ull << 56 | 1ull << 48)
#define REQUEST(v)   ((v) >> 48)

// Not among what is cleared at reset: a store of 0 is a request, too.
volatile uint64_t tohost __attribute__((section(".noinit.htif")));
volatile uint64_t fromhost __attribute__((section(".noinit.htif")));

static int held = -1;            // a byte typed while another was printed

// The answer to what is printed takes the place of a byte that was typed and
// not yet fetched, so each is looked for before the next request.  fromhost
// is cleared only where there was a byte in it: on QEMU one that comes between
// the look and the clearing would be lost.
static void htif_fetch(void)
{
	uint64_t answer = fromhost;

	if (REQUEST(answer) != REQUEST(CONSOLE_GETC) || answer << 16 == 0)
		return;
	held = answer & 0xff;
	fromhost = 0;
}

static void htif_request(uint64_t request)
{
	while (tohost)
		;
	tohost = request;
}

void htif_init(void)
{
	htif_request(CONSOLE_GETC);
}

void htif_putc(char c)
{
	htif_fetch();
	htif_request(CONSOLE_PUTC | (uint8_t)c);
}

int htif_getc(void)
{
	int c;

	htif_fetch();
	c = held;
	held = -1;
	if (c >= 0)
		htif_request(CONSOLE_GETC);
	return c;
}

bool htif_ready(void)
{
	return true;
}

// Device 0 ends the simulator when bit 0 of the data is set.
void htif_poweroff(int status)
{
	for (;;)
		htif_request((uint64_t)status << 1 | 1);
}
