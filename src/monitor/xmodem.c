// XMODEM-CRC, and its packets of 1,024 bytes: the receiver asks by 'C', each
// packet is a kind, a number and its complement, data, and a CRC.
#include "lib/string.h"
#include "machine/board.h"
#include "machine/trap.h"
#include "monitor/monitor.h"

#define SOH 0x01                 // a packet of 128 bytes follows
#define STX 0x02                 // one of 1,024
#define EOT 0x04                 // the end
#define ACK 0x06
#define NAK 0x15                 // once more, please
#define CAN 0x18                 // give up

#define LARGEST  1024
#define PATIENCE 20              // askings, and bad packets in a row

static uint8_t packet[LARGEST];

// x^16 + x^12 + x^5 + 1.
static uint16_t crc16(const uint8_t *p, size_t size)
{
	uint16_t crc = 0;

	while (size--) {
		crc ^= *p++ << 8;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
	}
	return crc;
}

// What is on its way of a packet that makes no sense.
static void discard(void)
{
	while (byte_wait(board.timebase / 10) >= 0)
		;
}

// After its first byte: the number of the packet, or -1 for a bad one.
static int packet_read(size_t size)
{
	uint64_t soon = board.timebase;
	int number = byte_wait(soon), complement = byte_wait(soon), high, low;

	for (size_t i = 0; i < size; i++) {
		int c = byte_wait(soon);

		if (c < 0)
			return -1;
		packet[i] = c;
	}
	high = byte_wait(soon);
	low = byte_wait(soon);
	if (number < 0 || (number ^ complement) != 0xff || low < 0 ||
	    crc16(packet, size) != (high << 8 | low))
		return -1;
	return number;
}

struct copy {
	uintptr_t to;
	size_t size;
};

// Runs inside trap_try(), for there may be no memory.
static uintptr_t packet_store(uintptr_t argument)
{
	struct copy *copy = (void *)argument;

	memcpy((void *)copy->to, packet, copy->size);
	return 0;
}

static bool packet_keep(uintptr_t to, size_t size)
{
	struct copy copy = { to, size };
	uintptr_t result;

	return !is_ours(to, size) &&
	       trap_try(packet_store, (uintptr_t)&copy, &result) == 0;
}

long xmodem_receive(uintptr_t to)
{
	long done = 0;
	uint8_t next = 1;
	char answer = 'C';

	for (int bad = 0; bad < PATIENCE;) {
		size_t size;
		int kind, number;

		board.putc(answer);
		kind = byte_wait(board.timebase);
		if (kind == EOT) {
			board.putc(ACK);
			return done;
		}
		if (kind == CAN)
			return -1;
		if (kind != SOH && kind != STX) {
			if (kind >= 0)
				discard();
			bad++;
			continue;
		}
		size = kind == STX ? LARGEST : 128;
		number = packet_read(size);
		answer = ACK;
		if (number == next) {
			if (!packet_keep(to + done, size))
				break;
			done += size;
			next++;
			bad = 0;
		} else if (number != (uint8_t)(next - 1)) { // else sent twice
			discard();
			answer = NAK;
			bad++;
		}
	}
	board.putc(CAN);
	board.putc(CAN);
	discard();
	return -1;
}
