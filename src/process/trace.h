// What happens on each hart, event by event: traps, who goes on after them, who
// waits and who is woken, each with the instruction count.  The latest events
// are kept in a ring per hart, and printed when the machine goes off:
//
//	trace TIME HART trap PID CAUSE VALUE  a7 of a system call, else tval
//	trace TIME HART run PID PC            the hart leaves the kernel
//	trace TIME HART wait PID              it is in no queue any more
//	trace TIME HART wake PID BY           in whose trap; 0: nobody's
//	trace TIME HART idle
//	trace TIME HART name PID NAME         before it first runs as that
//	trace TIME HART end PID
//
// Nothing asks whether it is on: to turn it on is to take the places of the
// handlers that are registered.  So it costs nothing when it is off.  TIME is
// minstret, which QEMU with -icount counts for all harts together.
//
// Lock: the kernel lock protects the rings, as the handlers run under it.  Of
// many harts, calls that are done without it are not seen.
#pragma once

// From now on, if the boot arguments have trace=N: the latest N events of each
// hart.  After all handlers are registered, before the first process is made.
void trace_init(void);
