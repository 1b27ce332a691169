#include "files/output.h"
#include "machine/board.h"

static char buffer[OUTPUT_ROOM];
static unsigned head, tail; // counted from the first byte ever

struct waker output_free = WAKER_INIT(output_free);

unsigned output_waiting(void)
{
	return head - tail;
}

static void output_send(void)
{
	board.putc(buffer[tail++ % OUTPUT_ROOM]);
}

// The UART's interrupt calls for the rest.
void output_drain(void)
{
	while (output_waiting() && board.ready())
		output_send();
	if (board.interrupts)
		board.interrupts(true, output_waiting() != 0);
	if (output_waiting() <= OUTPUT_ROOM / 2)
		wake_all(&output_free);
}

void output_byte(uint8_t c)
{
	if (output_waiting() == 0 && board.ready()) {
		board.putc(c);
		return;
	}
	if (output_waiting() == OUTPUT_ROOM)
		output_send();
	buffer[head++ % OUTPUT_ROOM] = c;
	// It was empty, so nobody has asked for the interrupt yet.
	if (output_waiting() == 1)
		output_drain();
}
