// We are the firmware: there is nobody beneath who makes up for what a hart
// leaves out.  For user programs the kernel loads and stores what is not
// aligned (some harts trap), and reads the counters that have no CSR.
#pragma once

// Takes over the causes "misaligned" and, in front of the handler that is
// there, "illegal instruction".  The boot argument emulate=all makes programs
// meet this on a hart that does it all by itself: rdtime traps, and a program
// may ask for one instruction to be emulated, by EMULATE_NEXT in front of it.
void emulate_init(void);

// An instruction of the custom space that means nothing on any hart of ours.
#define EMULATE_NEXT 0x0000000b
